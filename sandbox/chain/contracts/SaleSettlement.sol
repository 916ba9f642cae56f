// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SaleLedger} from "./SaleLedger.sol";
import {Allocation, Stage} from "./SaleTypes.sol";

/// Decides the accepted amount of each commitment.
abstract contract SaleSettlement is SaleLedger {
    /// `allowOverwrite` protects against a batch that is sent twice by mistake.
    function setAllocations(
        Allocation[] calldata allocations,
        bool allowOverwrite
    ) external onlyRole(SETTLER_ROLE) onlyDuring(Stage.Settlement) {
        for (uint256 i; i < allocations.length; ++i) _setAllocation(allocations[i], allowOverwrite);
    }

    /// The finaliser states the expected total, so that a missing or repeated batch is noticed.
    function finalizeSettlement(
        uint256 expectedTotalAcceptedAmount
    ) external onlyRole(SETTLEMENT_FINALIZER_ROLE) onlyDuring(Stage.Settlement) {
        uint256 total = totalAcceptedAmount();
        if (total != expectedTotalAcceptedAmount) {
            revert UnexpectedTotalAcceptedAmount(total, expectedTotalAcceptedAmount);
        }
        _enter(Stage.Done);
    }

    function totalAcceptedAmount() public view returns (uint256) {
        return _sum(_totals.accepted);
    }

    function _setAllocation(Allocation calldata allocation, bool allowOverwrite) private {
        bytes16 entityID = allocation.saleSpecificEntityID;
        (address wallet, address token) = (allocation.wallet, allocation.token);
        uint256 accepted = allocation.acceptedAmount;
        _requireEntity(entityID);
        _requireNotRefunded(entityID);
        _requireWalletOf(entityID, wallet);
        _requirePaymentToken(token);

        Account storage account = _accounts[wallet];
        uint256 committed = account.committed[token];
        if (accepted > committed) {
            revert AllocationExceedsCommitment(entityID, wallet, token, accepted, committed);
        }
        uint256 previous = account.accepted[token];
        if (previous > 0 && !allowOverwrite) revert AllocationAlreadySet(entityID);
        account.accepted[token] = accepted;
        _totals.accepted[token] = _totals.accepted[token] - previous + accepted;
        emit AllocationSet(entityID, wallet, token, accepted);
    }
}
