// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SaleLedger} from "./SaleLedger.sol";
import {Bid, PurchasePermitPayload, PurchasePermitV3, Stage} from "./SaleTypes.sol";

/// Placing and raising bids. The order of the checks is part of the interface: a bid that breaks several rules must
/// revert for the first of them.
abstract contract SaleBids is SaleLedger {
    bytes16 public saleUUID;

    /// Requires an allowance of at least the increase.
    function replaceBidWithApproval(
        address token,
        Bid calldata bid,
        PurchasePermitV3 calldata purchasePermit,
        bytes calldata purchasePermitSignature
    ) external onlyUnpausedDuring(Stage.Commitment) {
        uint256 increase = _replaceBid(token, bid, purchasePermit, purchasePermitSignature);
        _collect(token, increase);
    }

    /// Takes an EIP-2612 signature (r, s, v) over the increase instead of an allowance.
    function replaceBidWithPermit(
        address token,
        Bid calldata bid,
        PurchasePermitV3 calldata purchasePermit,
        bytes calldata purchasePermitSignature,
        uint256 erc20PermitDeadline,
        bytes calldata erc20PermitSignature
    ) external onlyUnpausedDuring(Stage.Commitment) {
        uint256 increase = _replaceBid(token, bid, purchasePermit, purchasePermitSignature);
        if (increase > 0) _approveBySignature(token, increase, erc20PermitDeadline, erc20PermitSignature);
        _collect(token, increase);
    }

    function _replaceBid(
        address token,
        Bid calldata bid,
        PurchasePermitV3 calldata purchasePermit,
        bytes calldata signature
    ) private returns (uint256 increase) {
        bytes16 entityID = purchasePermit.saleSpecificEntityID;
        _checkPermit(purchasePermit, signature);
        _requirePaymentToken(token);
        _checkTerms(bid, purchasePermit);
        _requireNotRefunded(entityID);

        Entity storage entity = _entities[entityID];
        _checkReplacement(bid, entity.currentBid);
        _trackWallet(entityID, msg.sender);

        increase = bid.amount - entity.currentBid.amount;
        entity.currentBid = bid;
        entity.bidTimestamp = uint32(block.timestamp);
        _increaseCommitment(entityID, msg.sender, token, increase);
        emit BidPlaced(entityID, msg.sender, bid);
    }

    /// Checks that this sale's signer has permitted the caller to bid now.
    function _checkPermit(PurchasePermitV3 calldata purchasePermit, bytes calldata signature) private view {
        if (purchasePermit.saleUUID != saleUUID) revert InvalidSaleUUID(purchasePermit.saleUUID, saleUUID);
        if (block.timestamp >= purchasePermit.expiresAt) {
            revert PurchasePermitExpired(purchasePermit.expiresAt, block.timestamp);
        }
        if (msg.sender != purchasePermit.wallet) revert InvalidSender(msg.sender, purchasePermit.wallet);
        bytes32 digest = MessageHashUtils.toEthSignedMessageHash(abi.encode(purchasePermit));
        address signer = ECDSA.recover(digest, signature);
        if (!hasRole(PURCHASE_PERMIT_SIGNER_ROLE, signer)) revert UnauthorizedSigner(signer);
    }

    /// Checks the bid against the limits of the permit. A payload that is not a bool reverts without data.
    function _checkTerms(Bid calldata bid, PurchasePermitV3 calldata terms) private view {
        if (block.timestamp < terms.opensAt || block.timestamp >= terms.closesAt) {
            revert BidOutsideAllowedWindow(terms.opensAt, terms.closesAt, block.timestamp);
        }
        if (bid.amount == 0) revert ZeroAmount();
        if (bid.price > terms.maxPrice) revert BidPriceExceedsMaxPrice(bid.price, terms.maxPrice);
        if (bid.price < terms.minPrice) revert BidPriceBelowMinPrice(bid.price, terms.minPrice);
        if (bid.amount < terms.minAmount) revert BidBelowMinAmount(bid.amount, terms.minAmount);
        if (bid.amount > terms.maxAmount) revert BidExceedsMaxAmount(bid.amount, terms.maxAmount);
        bool forcedLockup = abi.decode(terms.payload, (PurchasePermitPayload)).forcedLockup;
        if (forcedLockup && !bid.lockup) revert BidMustHaveLockup();
    }

    /// A bid can only increase, in every respect.
    function _checkReplacement(Bid calldata bid, Bid storage current) private view {
        if (bid.amount < current.amount) revert BidAmountCannotBeLowered(bid.amount, current.amount);
        if (bid.price < current.price) revert BidPriceCannotBeLowered(bid.price, current.price);
        if (current.lockup && !bid.lockup) revert BidLockupCannotBeUndone();
    }

    /// A failed permit is ignored: it may have been used before, or an allowance may cover the amount.
    function _approveBySignature(address token, uint256 amount, uint256 deadline, bytes calldata signature) private {
        uint8 v = uint8(signature[64]);
        bytes32 r = bytes32(signature[:32]);
        bytes32 s = bytes32(signature[32:64]);
        try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
    }

    /// This comes last: nothing is written after the call of the token.
    function _collect(address token, uint256 amount) private {
        if (amount == 0) return;
        _callToken(token, abi.encodeCall(IERC20.transferFrom, (msg.sender, address(this), amount)));
    }
}
