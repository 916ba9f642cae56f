// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Allocation, CommitmentData, EntityAllocationData, TokenAmount} from "./SaleTypes.sol";

// The parts of a sale that Echo's own readers and operator scripts ask for by `supportsInterface`. An interface's id
// follows from its functions only.

interface CommitmentDataReader {
    function numCommitments() external view returns (uint256);
    function readCommitmentDataAt(uint256 index) external view returns (CommitmentData memory);
    function readCommitmentDataIn(uint256 from, uint256 to) external view returns (CommitmentData[] memory);
}

interface EntityAllocationDataReader {
    function numEntityAllocations() external view returns (uint256);
    function readEntityAllocationDataAt(uint256 index) external view returns (EntityAllocationData memory);
    function readEntityAllocationDataIn(uint256 from, uint256 to) external view returns (EntityAllocationData[] memory);
}

interface TotalCommitmentsReader {
    function totalCommittedAmountByToken() external view returns (TokenAmount[] memory);
}

interface TotalAllocationsReader {
    function totalAcceptedAmountByToken() external view returns (TokenAmount[] memory);
}

interface OffchainSettlement {
    function setAllocations(Allocation[] calldata allocations, bool allowOverwrite) external;
    function finalizeSettlement(uint256 expectedTotalAcceptedAmount) external;
}
