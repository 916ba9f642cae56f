// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {SaleStages} from "./SaleStages.sol";
import {Bid} from "./SaleTypes.sol";

/// The accounts of a sale: entities, their wallets, and each wallet's commitment in each payment token.
abstract contract SaleLedger is SaleStages {
    struct Entity {
        uint32 bidTimestamp;
        /// Nothing is left of the commitment, or it was refunded after settlement: the entity can do nothing more.
        bool refunded;
        Bid currentBid;
        address[] wallets;
    }

    struct Account {
        mapping(address token => uint256) committed;
        mapping(address token => uint256) cancelled;
        mapping(address token => uint256) accepted;
    }

    struct Totals {
        mapping(address token => uint256) committed;
        mapping(address token => uint256) cancelled;
        mapping(address token => uint256) accepted;
        mapping(address token => uint256) refunded;
        mapping(address token => uint256) withdrawn;
    }

    address[] internal _paymentTokens;
    mapping(address token => bool) internal _isPaymentToken;

    bytes16[] internal _entityIDs;
    mapping(bytes16 entityID => Entity) internal _entities;

    /// A wallet belongs to one entity for ever, so the key of its accounts needs no entity.
    mapping(address wallet => bytes16 entityID) internal _entityOf;
    mapping(address wallet => Account) internal _accounts;
    Totals internal _totals;

    /// The tokens count one for one, which requires equal decimals.
    function _acceptPaymentToken(address token, uint256 expectedDecimals) internal {
        uint256 decimals = IERC20Metadata(token).decimals();
        if (decimals != expectedDecimals) revert InvalidPaymentTokenDecimals(token, decimals, expectedDecimals);
        if (_isPaymentToken[token]) revert DuplicatePaymentToken(token);
        _isPaymentToken[token] = true;
        _paymentTokens.push(token);
    }

    /// Links `wallet` to the entity, and registers the entity with its first wallet.
    function _trackWallet(bytes16 entityID, address wallet) internal {
        if (entityID == 0) revert ZeroEntityID();
        bytes16 known = _entityOf[wallet];
        if (known == entityID) return;
        if (known != 0) revert WalletTiedToAnotherEntity(entityID, known, wallet);

        address[] storage wallets = _entities[entityID].wallets;
        uint256 count = wallets.length + 1;
        if (count > maxWalletsPerEntity) revert MaxWalletsPerEntityExceeded(entityID, count, maxWalletsPerEntity);
        if (count == 1) {
            _entityIDs.push(entityID);
            emit EntityInitialized(entityID, wallet);
        }
        wallets.push(wallet);
        _entityOf[wallet] = entityID;
        emit WalletInitialized(entityID, wallet);
    }

    function _requireEntityOf(address wallet) internal view returns (bytes16 entityID) {
        entityID = _entityOf[wallet];
        if (entityID == 0) revert WalletNotInitialized(wallet);
    }

    function _requireNotRefunded(bytes16 entityID) internal view {
        if (_entities[entityID].refunded) revert AlreadyRefunded(entityID);
    }

    function _requirePaymentToken(address token) internal view {
        if (!_isPaymentToken[token]) revert InvalidPaymentToken(token);
    }

    function _requireEntity(bytes16 entityID) internal view {
        if (_entities[entityID].wallets.length == 0) revert EntityNotInitialized(entityID);
    }

    function _requireWalletOf(bytes16 entityID, address wallet) internal view {
        if (_entityOf[wallet] != entityID) revert WalletNotAssociatedWithEntity(wallet, entityID);
    }

    function _increaseCommitment(bytes16 entityID, address wallet, address token, uint256 amount) internal {
        _accounts[wallet].committed[token] += amount;
        _totals.committed[token] += amount;
        emit CommitmentIncreased(entityID, wallet, token, amount);
    }

    /// Returns part of a commitment to the wallet that paid it, and records it as cancelled. With nothing left, the entity is out.
    function _returnCommitment(bytes16 entityID, address wallet, address token, uint256 amount) internal {
        Entity storage entity = _entities[entityID];
        entity.currentBid.amount -= amount;
        if (entity.currentBid.amount == 0) entity.refunded = true;
        Account storage account = _accounts[wallet];
        account.committed[token] -= amount;
        account.cancelled[token] += amount;
        _totals.committed[token] -= amount;
        _totals.cancelled[token] += amount;
        emit CommitmentReduced(entityID, wallet, token, amount);
        _pay(token, wallet, amount);
    }

    /// Returns the amounts that were not accepted to the wallets that paid them. The commitments stay on record.
    function _refundEntity(bytes16 entityID) internal {
        Entity storage entity = _entities[entityID];
        entity.refunded = true;
        uint256 sum;
        for (uint256 i; i < entity.wallets.length; ++i) sum += _refundWallet(entityID, entity.wallets[i]);
        emit EntityRefunded(entityID, sum);
    }

    function _refundWallet(bytes16 entityID, address wallet) private returns (uint256 sum) {
        for (uint256 i; i < _paymentTokens.length; ++i) {
            address token = _paymentTokens[i];
            uint256 amount = _unaccepted(wallet, token);
            if (amount == 0) continue;
            sum += amount;
            _totals.refunded[token] += amount;
            emit WalletRefunded(entityID, wallet, token, amount);
            _pay(token, wallet, amount);
        }
    }

    function _unaccepted(address wallet, address token) internal view returns (uint256) {
        Account storage account = _accounts[wallet];
        return account.committed[token] - account.accepted[token];
    }

    /// The sum over all payment tokens, which are equal in value.
    function _sum(mapping(address token => uint256) storage amounts) internal view returns (uint256 sum) {
        for (uint256 i; i < _paymentTokens.length; ++i) sum += amounts[_paymentTokens[i]];
    }

    function _pay(address token, address to, uint256 amount) internal {
        _callToken(token, abi.encodeCall(IERC20.transfer, (to, amount)));
    }

    /// Calls a token that may return nothing. A refusal without data reverts with FailedCall(), as SafeERC20 of OpenZeppelin
    /// 5.0 does under another name; its later versions pass the empty data on.
    function _callToken(address token, bytes memory data) internal {
        bytes memory result = Address.functionCall(token, data);
        if (result.length > 0 && !abi.decode(result, (bool))) revert SafeERC20FailedOperation(token);
    }
}
