// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SaleLedger} from "./SaleLedger.sol";
import {Stage, WalletTokenAmount} from "./SaleTypes.sol";

/// Returns of money: cancelling or reducing before settlement, refunds after it.
abstract contract SaleReturns is SaleLedger {
    /// Pays all of the entity's wallets what was not accepted. That ends the entity's part in the sale permanently, unless
    /// something was accepted: then it can be called again, also with nothing to pay.
    function cancelBid() external onlyUnpausedDuring(Stage.Cancellation) {
        bytes16 entityID = _requireEntityOf(msg.sender);
        _requireNotRefunded(entityID);
        address[] storage wallets = _entities[entityID].wallets;
        for (uint256 i; i < wallets.length; ++i) _cancelWallet(entityID, wallets[i]);
    }

    /// Returns the listed amounts to the wallets that paid them, which may be any of the caller's entity.
    function reduceCommitment(WalletTokenAmount[] calldata reductions) external onlyUnpausedDuring(Stage.Cancellation) {
        if (!reduceCommitmentEnabled) revert ReduceCommitmentDisabled();
        bytes16 entityID = _requireEntityOf(msg.sender);
        _requireNotRefunded(entityID);
        for (uint256 i; i < reductions.length; ++i) _reduce(entityID, reductions[i]);
    }

    /// The operator returns commitments of any entities, at any stage.
    function forceReduceCommitment(WalletTokenAmount[] calldata reductions) external onlyRole(COMMITMENT_REDUCER_ROLE) {
        for (uint256 i; i < reductions.length; ++i) _reduce(_requireEntityOf(reductions[i].wallet), reductions[i]);
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
            _requireEntity(entityID);
            if (skipAlreadyRefunded && _entities[entityID].refunded) {
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

    /// An earlier entry of the same call may have ended the entity's part in the sale.
    function _reduce(bytes16 entityID, WalletTokenAmount calldata reduction) private {
        (address wallet, address token, uint256 amount) = (reduction.wallet, reduction.token, reduction.amount);
        _requireNotRefunded(entityID);
        _requireWalletOf(entityID, wallet);
        _requirePaymentToken(token);
        if (amount == 0) revert ZeroAmount();
        if (amount > _unaccepted(wallet, token)) {
            Account storage account = _accounts[wallet];
            revert ReductionExceedsReducibleAmount(
                entityID,
                wallet,
                token,
                amount,
                account.committed[token],
                account.accepted[token]
            );
        }
        _returnCommitment(entityID, wallet, token, amount);
    }
}
