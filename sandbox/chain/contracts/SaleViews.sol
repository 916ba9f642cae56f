// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SaleLedger} from "./SaleLedger.sol";
import {
    CommitmentData,
    EntityAllocationData,
    EntityStateView,
    TokenAmount,
    WalletStateView,
    WalletTokenAmount
} from "./SaleTypes.sol";

/// Reads of the sale's entities, wallets and totals. Ranges are [from, to).
abstract contract SaleViews is SaleLedger {
    function paymentTokens() external view returns (address[] memory) {
        return _paymentTokens;
    }

    /// An id that never bid returns a row with this id and zeros, not an error.
    function entityStatesByIDs(bytes16[] calldata entityIDs) external view returns (EntityStateView[] memory states) {
        states = new EntityStateView[](entityIDs.length);
        for (uint256 i; i < entityIDs.length; ++i) states[i] = _entityState(entityIDs[i]);
    }

    function walletStatesByAddresses(address[] calldata wallets) external view returns (WalletStateView[] memory states) {
        states = new WalletStateView[](wallets.length);
        for (uint256 i; i < wallets.length; ++i) {
            _requireEntityOf(wallets[i]);
            states[i] = _walletState(wallets[i]);
        }
    }

    function numEntities() external view returns (uint256) {
        return _entityIDs.length;
    }

    function entityAt(uint256 index) external view returns (bytes16) {
        return _entityIDs[index];
    }

    function entitiesIn(uint256 from, uint256 to) external view returns (bytes16[] memory entityIDs) {
        entityIDs = new bytes16[](to - from);
        for (uint256 i; i < entityIDs.length; ++i) entityIDs[i] = _entityIDs[from + i];
    }

    function entityStatesIn(uint256 from, uint256 to) external view returns (EntityStateView[] memory states) {
        states = new EntityStateView[](to - from);
        for (uint256 i; i < states.length; ++i) states[i] = _entityState(_entityIDs[from + i]);
    }

    /// An entity has one commitment, over all its wallets.
    function numCommitments() external view returns (uint256) {
        return _entityIDs.length;
    }

    function readCommitmentDataAt(uint256 index) external view returns (CommitmentData memory) {
        return _commitmentData(_entityIDs[index]);
    }

    function readCommitmentDataIn(uint256 from, uint256 to) external view returns (CommitmentData[] memory data) {
        data = new CommitmentData[](to - from);
        for (uint256 i; i < data.length; ++i) data[i] = _commitmentData(_entityIDs[from + i]);
    }

    /// An entity has one allocation, over all its wallets, which may be zero.
    function numEntityAllocations() external view returns (uint256) {
        return _entityIDs.length;
    }

    function readEntityAllocationDataAt(uint256 index) external view returns (EntityAllocationData memory) {
        return _allocationData(_entityIDs[index]);
    }

    function readEntityAllocationDataIn(
        uint256 from,
        uint256 to
    ) external view returns (EntityAllocationData[] memory data) {
        data = new EntityAllocationData[](to - from);
        for (uint256 i; i < data.length; ++i) data[i] = _allocationData(_entityIDs[from + i]);
    }

    /// Decreases when commitments are cancelled.
    function totalCommittedAmount() external view returns (uint256) {
        return _sum(_totals.committed);
    }

    function totalCommittedAmountByToken() external view returns (TokenAmount[] memory) {
        return _byToken(_totals.committed);
    }

    function totalCancelledAmount() external view returns (uint256) {
        return _sum(_totals.cancelled);
    }

    function totalCancelledAmountByToken() external view returns (TokenAmount[] memory) {
        return _byToken(_totals.cancelled);
    }

    function totalAcceptedAmountByToken() external view returns (TokenAmount[] memory) {
        return _byToken(_totals.accepted);
    }

    function totalRefundedAmount() external view returns (uint256) {
        return _sum(_totals.refunded);
    }

    function totalRefundedAmountByToken() external view returns (TokenAmount[] memory) {
        return _byToken(_totals.refunded);
    }

    function withdrawnAmount() external view returns (uint256) {
        return _sum(_totals.withdrawn);
    }

    function withdrawnAmountByToken() external view returns (TokenAmount[] memory) {
        return _byToken(_totals.withdrawn);
    }

    function _entityState(bytes16 entityID) private view returns (EntityStateView memory state) {
        Entity storage entity = _entities[entityID];
        uint256 count = entity.wallets.length;
        state.entityID = entityID;
        state.bidTimestamp = entity.bidTimestamp;
        state.refunded = entity.refunded;
        state.currentBid = entity.currentBid;
        state.walletStates = new WalletStateView[](count);
        for (uint256 i; i < count; ++i) state.walletStates[i] = _walletState(entity.wallets[i]);
    }

    function _walletState(address wallet) private view returns (WalletStateView memory state) {
        Account storage account = _accounts[wallet];
        state.addr = wallet;
        state.entityID = _entityOf[wallet];
        state.committedAmountByToken = _byToken(account.committed);
        state.cancelledAmountByToken = _byToken(account.cancelled);
        state.acceptedAmountByToken = _byToken(account.accepted);
    }

    function _commitmentData(bytes16 entityID) private view returns (CommitmentData memory data) {
        Entity storage entity = _entities[entityID];
        data.commitmentID = bytes32(entityID);
        data.saleSpecificEntityID = entityID;
        data.timestamp = entity.bidTimestamp;
        data.price = entity.currentBid.price;
        data.lockup = entity.currentBid.lockup;
        data.refunded = entity.refunded;
        data.amounts = _amountsOf(entity, false);
    }

    function _allocationData(bytes16 entityID) private view returns (EntityAllocationData memory) {
        return EntityAllocationData(entityID, _amountsOf(_entities[entityID], true));
    }

    /// Every wallet in every token, including zero amounts: a reader adds them up.
    function _amountsOf(Entity storage entity, bool accepted) private view returns (WalletTokenAmount[] memory amounts) {
        uint256 tokens = _paymentTokens.length;
        amounts = new WalletTokenAmount[](entity.wallets.length * tokens);
        for (uint256 i; i < amounts.length; ++i) {
            address wallet = entity.wallets[i / tokens];
            address token = _paymentTokens[i % tokens];
            Account storage account = _accounts[wallet];
            uint256 amount = accepted ? account.accepted[token] : account.committed[token];
            amounts[i] = WalletTokenAmount(wallet, token, amount);
        }
    }

    function _byToken(
        mapping(address token => uint256) storage source
    ) private view returns (TokenAmount[] memory amounts) {
        amounts = new TokenAmount[](_paymentTokens.length);
        for (uint256 i; i < amounts.length; ++i) {
            address token = _paymentTokens[i];
            amounts[i] = TokenAmount(token, source[token]);
        }
    }
}
