// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// The sale's types. The order of a struct's fields is its ABI: permits are signed over it.

enum Stage {
    PreOpen,
    Commitment,
    Cancellation,
    Settlement,
    Done
}

/// `amount` is the entity's new total over all its wallets and tokens; `price` counts the sale's price ticks.
struct Bid {
    bool lockup;
    uint64 price;
    uint256 amount;
}

/// Times are Unix seconds; amounts are in the payment tokens' smallest unit and limit the entity's total.
struct PurchasePermitV3 {
    bytes16 saleSpecificEntityID;
    bytes16 saleUUID;
    address wallet;
    uint64 expiresAt;
    uint256 minAmount;
    uint256 maxAmount;
    uint64 minPrice;
    uint64 maxPrice;
    uint64 opensAt;
    uint64 closesAt;
    bytes payload;
}

/// The content of a permit's payload.
struct PurchasePermitPayload {
    bool forcedLockup;
}

struct TokenAmount {
    address token;
    uint256 amount;
}

struct WalletTokenAmount {
    address wallet;
    address token;
    uint256 amount;
}

struct WalletStateView {
    address addr;
    bytes16 entityID;
    TokenAmount[] committedAmountByToken;
    TokenAmount[] cancelledAmountByToken;
    TokenAmount[] acceptedAmountByToken;
}

struct EntityStateView {
    bytes16 entityID;
    uint32 bidTimestamp;
    bool refunded;
    Bid currentBid;
    WalletStateView[] walletStates;
}

struct CommitmentData {
    bytes32 commitmentID;
    bytes16 saleSpecificEntityID;
    uint64 timestamp;
    uint64 price;
    bool lockup;
    bool refunded;
    WalletTokenAmount[] amounts;
    bytes extraData;
}

struct EntityAllocationData {
    bytes16 saleSpecificEntityID;
    WalletTokenAmount[] acceptedAmounts;
}

struct Allocation {
    bytes16 saleSpecificEntityID;
    address wallet;
    address token;
    uint256 acceptedAmount;
}

/// The settings of a new sale.
struct Init {
    bytes16 saleUUID;
    address admin;
    address[] extraManagers;
    address[] extraPausers;
    address extraSettler;
    address extraRefunder;
    address purchasePermitSigner;
    address proceedsReceiver;
    bool claimRefundEnabled;
    bool reduceCommitmentEnabled;
    bool skipPreOpen;
    uint8 maxWalletsPerEntity;
    address[] paymentTokens;
    uint256 expectedPaymentTokenDecimals;
}
