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

    function totalAcceptedAmount() public view returns (uint256 total) {
        for (uint256 i; i < _paymentTokens.length; ++i) total += _totals[_paymentTokens[i]].accepted;
    }

    function _setAllocation(Allocation calldata allocation, bool allowOverwrite) private {
        bytes16 entityID = allocation.saleSpecificEntityID;
        (address wallet, address token) = (allocation.wallet, allocation.token);
        uint256 accepted = allocation.acceptedAmount;
        if (_requireEntityOf(wallet) != entityID) revert WalletNotAssociatedWithEntity(wallet, entityID);

        Account storage account = _accounts[wallet][token];
        uint256 previous = account.accepted;
        if (previous > 0 && !allowOverwrite) revert AllocationAlreadySet(entityID, wallet, token, previous);
        if (accepted > account.committed) {
            revert AllocationExceedsCommitment(entityID, wallet, token, accepted, account.committed);
        }
        account.accepted = accepted;
        _totals[token].accepted = _totals[token].accepted - previous + accepted;
        emit AllocationSet(entityID, wallet, token, accepted);
    }
}
