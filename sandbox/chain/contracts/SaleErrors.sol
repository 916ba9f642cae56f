// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Stage} from "./SaleTypes.sol";

/// Every error of the sale. Unless they have other names, two compared values are (got, want).
interface SaleErrors {
    error InvalidStage(Stage got, Stage[] want);
    error SalePaused();

    error InvalidSaleUUID(bytes16 got, bytes16 want);
    error PurchasePermitExpired(uint256 expiresAt, uint256 currentTime);
    error InvalidSender(address got, address want);
    error UnauthorizedSigner(address signer);

    error InvalidPaymentToken(address token);
    error BidOutsideAllowedWindow(uint64 opensAt, uint64 closesAt, uint256 timestamp);
    error ZeroAmount();
    error BidPriceExceedsMaxPrice(uint256 got, uint256 want);
    error BidPriceBelowMinPrice(uint256 got, uint256 want);
    error BidBelowMinAmount(uint256 got, uint256 want);
    error BidExceedsMaxAmount(uint256 got, uint256 want);
    error BidMustHaveLockup();

    error AlreadyRefunded(bytes16 entityID);
    error BidAmountCannotBeLowered(uint256 got, uint256 want);
    error BidPriceCannotBeLowered(uint256 got, uint256 want);
    error BidLockupCannotBeUndone();

    error ZeroEntityID();
    error WalletTiedToAnotherEntity(bytes16 got, bytes16 want, address wallet);
    error MaxWalletsPerEntityExceeded(bytes16 entityID, uint256 got, uint256 want);

    error WalletNotInitialized(address wallet);
    error WalletNotAssociatedWithEntity(address wallet, bytes16 entityID);
    error ReduceCommitmentDisabled();
    error ReductionExceedsReducibleAmount(
        bytes16 entityID,
        address wallet,
        address token,
        uint256 amount,
        uint256 committed,
        uint256 allocated
    );
    error ClaimRefundDisabled();

    error EntityNotInitialized(bytes16 entityID);
    error AllocationAlreadySet(bytes16 entityID);
    error AllocationExceedsCommitment(bytes16 entityID, address wallet, address token, uint256 got, uint256 want);
    error UnexpectedTotalAcceptedAmount(uint256 got, uint256 want);
    error WithdrawalExceedsAvailable(address token, uint256 requested, uint256 available);

    error ZeroAddress();
    error ZeroMaxWalletsPerEntity();
    error NoPaymentTokens();
    error InvalidPaymentTokenDecimals(address token, uint256 got, uint256 want);
    error DuplicatePaymentToken(address token);

    /// The payment token returned false.
    error SafeERC20FailedOperation(address token);
}
