// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SaleLedger} from "./SaleLedger.sol";
import {Stage, WalletTokenAmount} from "./SaleTypes.sol";

/// Returns of money: cancelling or reducing before settlement, refunds after it.
abstract contract SaleReturns is SaleLedger {
    /// Ends the entity's part in the sale permanently, and pays all of its wallets.
    function cancelBid() external onlyUnpausedDuring(Stage.Cancellation) {
        bytes16 entityID = _requireEntityOf(msg.sender);
        _requireNotRefunded(entityID);
        Entity storage entity = _entities[entityID];
        entity.refunded = true;
        entity.currentBid.amount = 0;
        for (uint256 i; i < entity.wallets.length; ++i) _cancelWallet(entityID, entity.wallets[i]);
    }

    /// Returns the listed amounts to the wallets that paid them, which may be any of the caller's entity.
    function reduceCommitment(WalletTokenAmount[] calldata reductions) external onlyUnpausedDuring(Stage.Cancellation) {
        if (!reduceCommitmentEnabled) revert ReduceCommitmentDisabled();
        bytes16 entityID = _requireEntityOf(msg.sender);
        _requireNotRefunded(entityID);
        for (uint256 i; i < reductions.length; ++i) _reduce(entityID, reductions[i]);
        Entity storage entity = _entities[entityID];
        if (entity.currentBid.amount == 0) entity.refunded = true;
    }

    function claimRefund() external onlyUnpausedDuring(Stage.Done) {
        if (!claimRefundEnabled) revert ClaimRefundDisabled();
        bytes16 entityID = _requireEntityOf(msg.sender);
        _requireNotRefunded(entityID);
        _refundEntity(entityID);
    }

    /// With `skipAlreadyRefunded`, an entity that claimed its refund itself does not revert the whole batch.
    function processRefunds(
        bytes16[] calldata entityIDs,
        bool skipAlreadyRefunded
    ) external onlyRole(REFUNDER_ROLE) onlyDuring(Stage.Done) {
        for (uint256 i; i < entityIDs.length; ++i) {
            bytes16 entityID = entityIDs[i];
            Entity storage entity = _entities[entityID];
            if (entity.wallets.length == 0) revert EntityNotInitialized(entityID);
            if (skipAlreadyRefunded && entity.refunded) {
                emit RefundedEntitySkipped(entityID);
                continue;
            }
            _requireNotRefunded(entityID);
            _refundEntity(entityID);
        }
    }

    function _cancelWallet(bytes16 entityID, address wallet) private {
        for (uint256 i; i < _paymentTokens.length; ++i) {
            address token = _paymentTokens[i];
            uint256 amount = _unaccepted(wallet, token);
            if (amount > 0) _returnCommitment(entityID, wallet, token, amount);
        }
    }

    function _reduce(bytes16 entityID, WalletTokenAmount calldata reduction) private {
        (address wallet, address token, uint256 amount) = (reduction.wallet, reduction.token, reduction.amount);
        if (_entityOf[wallet] != entityID) revert WalletNotAssociatedWithEntity(wallet, entityID);
        if (amount == 0) revert ZeroAmount();
        if (amount > _unaccepted(wallet, token)) {
            Account storage account = _accounts[wallet][token];
            revert ReductionExceedsReducibleAmount(
                entityID,
                wallet,
                token,
                amount,
                account.committed,
                account.accepted
            );
        }
        _entities[entityID].currentBid.amount -= amount;
        _returnCommitment(entityID, wallet, token, amount);
    }
}
