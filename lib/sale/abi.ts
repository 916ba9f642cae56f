import { tokenErrors } from "@/lib/sale/token-abi";

const BID = [
  { name: "lockup", type: "bool" },
  { name: "price", type: "uint64" },
  { name: "amount", type: "uint256" },
] as const;

const PURCHASE_PERMIT_V3 = [
  { name: "saleSpecificEntityID", type: "bytes16" },
  { name: "saleUUID", type: "bytes16" },
  { name: "wallet", type: "address" },
  { name: "expiresAt", type: "uint64" },
  { name: "minAmount", type: "uint256" },
  { name: "maxAmount", type: "uint256" },
  { name: "minPrice", type: "uint64" },
  { name: "maxPrice", type: "uint64" },
  { name: "opensAt", type: "uint64" },
  { name: "closesAt", type: "uint64" },
  { name: "payload", type: "bytes" },
] as const;

const TOKEN_AMOUNT = [
  { name: "token", type: "address" },
  { name: "amount", type: "uint256" },
] as const;

const WALLET_TOKEN_AMOUNT = [{ name: "wallet", type: "address" }, ...TOKEN_AMOUNT] as const;

const WALLET_STATE_VIEW = [
  { name: "addr", type: "address" },
  { name: "entityID", type: "bytes16" },
  { name: "committedAmountByToken", type: "tuple[]", components: TOKEN_AMOUNT },
  { name: "cancelledAmountByToken", type: "tuple[]", components: TOKEN_AMOUNT },
  { name: "acceptedAmountByToken", type: "tuple[]", components: TOKEN_AMOUNT },
] as const;

const ENTITY_STATE_VIEW = [
  { name: "entityID", type: "bytes16" },
  { name: "bidTimestamp", type: "uint32" },
  { name: "refunded", type: "bool" },
  { name: "currentBid", type: "tuple", components: BID },
  { name: "walletStates", type: "tuple[]", components: WALLET_STATE_VIEW },
] as const;

const PLACE_BID = [
  { name: "token", type: "address" },
  { name: "bid", type: "tuple", components: BID },
  { name: "purchasePermit", type: "tuple", components: PURCHASE_PERMIT_V3 },
  { name: "purchasePermitSignature", type: "bytes" },
] as const;

const functions = [
  {
    type: "function",
    name: "replaceBidWithApproval",
    stateMutability: "nonpayable",
    inputs: PLACE_BID,
    outputs: [],
  },
  {
    type: "function",
    name: "replaceBidWithPermit",
    stateMutability: "nonpayable",
    inputs: [
      ...PLACE_BID,
      { name: "erc20PermitDeadline", type: "uint256" },
      { name: "erc20PermitSignature", type: "bytes" },
    ],
    outputs: [],
  },
  { type: "function", name: "cancelBid", stateMutability: "nonpayable", inputs: [], outputs: [] },
  {
    type: "function",
    name: "reduceCommitment",
    stateMutability: "nonpayable",
    inputs: [{ name: "reductions", type: "tuple[]", components: WALLET_TOKEN_AMOUNT }],
    outputs: [],
  },
  { type: "function", name: "claimRefund", stateMutability: "nonpayable", inputs: [], outputs: [] },
  {
    type: "function",
    name: "entityStatesByIDs",
    stateMutability: "view",
    inputs: [{ name: "entityIDs", type: "bytes16[]" }],
    outputs: [{ type: "tuple[]", components: ENTITY_STATE_VIEW }],
  },
  {
    type: "function",
    name: "walletStatesByAddresses",
    stateMutability: "view",
    inputs: [{ name: "addrs", type: "address[]" }],
    outputs: [{ type: "tuple[]", components: WALLET_STATE_VIEW }],
  },
  { type: "function", name: "stage", stateMutability: "view", inputs: [], outputs: [{ type: "uint8" }] },
  { type: "function", name: "paused", stateMutability: "view", inputs: [], outputs: [{ type: "bool" }] },
  { type: "function", name: "paymentTokens", stateMutability: "view", inputs: [], outputs: [{ type: "address[]" }] },
  { type: "function", name: "saleUUID", stateMutability: "view", inputs: [], outputs: [{ type: "bytes16" }] },
  { type: "function", name: "claimRefundEnabled", stateMutability: "view", inputs: [], outputs: [{ type: "bool" }] },
  {
    type: "function",
    name: "reduceCommitmentEnabled",
    stateMutability: "view",
    inputs: [],
    outputs: [{ type: "bool" }],
  },
  { type: "function", name: "maxWalletsPerEntity", stateMutability: "view", inputs: [], outputs: [{ type: "uint8" }] },
  {
    type: "function",
    name: "totalCommittedAmount",
    stateMutability: "view",
    inputs: [],
    outputs: [{ type: "uint256" }],
  },
  {
    type: "function",
    name: "totalCommittedAmountByToken",
    stateMutability: "view",
    inputs: [],
    outputs: [{ type: "tuple[]", components: TOKEN_AMOUNT }],
  },
  {
    type: "function",
    name: "version",
    stateMutability: "view",
    inputs: [],
    outputs: [{ type: "uint32" }, { type: "uint32" }, { type: "uint32" }],
  },
] as const;

const ENTITY_WALLET = [
  { name: "entityID", type: "bytes16", indexed: true },
  { name: "wallet", type: "address", indexed: true },
] as const;

const ENTITY_WALLET_TOKEN_AMOUNT = [
  ...ENTITY_WALLET,
  { name: "token", type: "address", indexed: true },
  { name: "amount", type: "uint256", indexed: false },
] as const;

const events = [
  {
    type: "event",
    name: "BidPlaced",
    inputs: [...ENTITY_WALLET, { name: "bid", type: "tuple", components: BID, indexed: false }],
  },
  { type: "event", name: "CommitmentIncreased", inputs: ENTITY_WALLET_TOKEN_AMOUNT },
  { type: "event", name: "CommitmentReduced", inputs: ENTITY_WALLET_TOKEN_AMOUNT },
  { type: "event", name: "EntityInitialized", inputs: ENTITY_WALLET },
  { type: "event", name: "WalletInitialized", inputs: ENTITY_WALLET },
  { type: "event", name: "AllocationSet", inputs: ENTITY_WALLET_TOKEN_AMOUNT },
  { type: "event", name: "WalletRefunded", inputs: ENTITY_WALLET_TOKEN_AMOUNT },
  {
    type: "event",
    name: "EntityRefunded",
    inputs: [
      { name: "entityID", type: "bytes16", indexed: true },
      { name: "amount", type: "uint256", indexed: false },
    ],
  },
  {
    type: "event",
    name: "StageChanged",
    inputs: [
      { name: "previous", type: "uint8", indexed: true },
      { name: "next", type: "uint8", indexed: true },
    ],
  },
  { type: "event", name: "PausedStateChanged", inputs: [{ name: "paused", type: "bool", indexed: false }] },
] as const;

const GOT_WANT = [
  { name: "got", type: "uint256" },
  { name: "want", type: "uint256" },
] as const;

const AMOUNT_BOUND = [
  { name: "amount", type: "uint256" },
  { name: "bound", type: "uint256" },
] as const;

const PRICE_BOUND = [
  { name: "price", type: "uint256" },
  { name: "bound", type: "uint256" },
] as const;

const errors = [
  {
    type: "error",
    name: "InvalidStage",
    inputs: [
      { name: "got", type: "uint8" },
      { name: "want", type: "uint8[]" },
    ],
  },
  { type: "error", name: "SalePaused", inputs: [] },
  { type: "error", name: "PurchasePermitExpired", inputs: GOT_WANT },
  {
    type: "error",
    name: "BidOutsideAllowedWindow",
    inputs: [
      { name: "opensAt", type: "uint64" },
      { name: "closesAt", type: "uint64" },
      { name: "now", type: "uint256" },
    ],
  },
  {
    type: "error",
    name: "InvalidSender",
    inputs: [
      { name: "got", type: "address" },
      { name: "want", type: "address" },
    ],
  },
  { type: "error", name: "UnauthorizedSigner", inputs: [{ name: "signer", type: "address" }] },
  {
    type: "error",
    name: "InvalidSaleUUID",
    inputs: [
      { name: "got", type: "bytes16" },
      { name: "want", type: "bytes16" },
    ],
  },
  { type: "error", name: "InvalidPaymentToken", inputs: [{ name: "token", type: "address" }] },
  { type: "error", name: "BidBelowMinAmount", inputs: AMOUNT_BOUND },
  { type: "error", name: "BidExceedsMaxAmount", inputs: AMOUNT_BOUND },
  { type: "error", name: "BidPriceBelowMinPrice", inputs: PRICE_BOUND },
  { type: "error", name: "BidPriceExceedsMaxPrice", inputs: PRICE_BOUND },
  { type: "error", name: "BidAmountCannotBeLowered", inputs: GOT_WANT },
  { type: "error", name: "BidPriceCannotBeLowered", inputs: GOT_WANT },
  { type: "error", name: "BidMustHaveLockup", inputs: [] },
  { type: "error", name: "BidLockupCannotBeUndone", inputs: [] },
  { type: "error", name: "ZeroAmount", inputs: [] },
  { type: "error", name: "ZeroEntityID", inputs: [] },
  {
    type: "error",
    name: "WalletTiedToAnotherEntity",
    inputs: [
      { name: "got", type: "bytes16" },
      { name: "want", type: "bytes16" },
      { name: "wallet", type: "address" },
    ],
  },
  {
    type: "error",
    name: "MaxWalletsPerEntityExceeded",
    inputs: [{ name: "entityID", type: "bytes16" }, ...GOT_WANT],
  },
  { type: "error", name: "AlreadyRefunded", inputs: [{ name: "entityID", type: "bytes16" }] },
  { type: "error", name: "WalletNotInitialized", inputs: [{ name: "wallet", type: "address" }] },
  { type: "error", name: "ReduceCommitmentDisabled", inputs: [] },
  {
    type: "error",
    name: "ReductionExceedsReducibleAmount",
    inputs: [
      { name: "entityID", type: "bytes16" },
      ...WALLET_TOKEN_AMOUNT,
      { name: "committed", type: "uint256" },
      { name: "allocated", type: "uint256" },
    ],
  },
  { type: "error", name: "ClaimRefundDisabled", inputs: [] },
  {
    type: "error",
    name: "WalletNotAssociatedWithEntity",
    inputs: [
      { name: "wallet", type: "address" },
      { name: "entityID", type: "bytes16" },
    ],
  },
  { type: "error", name: "ECDSAInvalidSignature", inputs: [] },
  { type: "error", name: "ECDSAInvalidSignatureLength", inputs: [{ name: "length", type: "uint256" }] },
  { type: "error", name: "ECDSAInvalidSignatureS", inputs: [{ name: "s", type: "bytes32" }] },
  { type: "error", name: "SafeERC20FailedOperation", inputs: [{ name: "token", type: "address" }] },
] as const;

/**
 * What a buyer uses of the sale contract (sonar.md 4.3, 4.9, 4.10). It names the tokens' errors too: they come through the sale's calls, and
 * without their names decoding ends in raw hex.
 */
export const saleAbi = [...functions, ...events, ...errors, ...tokenErrors] as const;
