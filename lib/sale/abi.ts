import { parseAbi } from "viem/utils";

/**
 * The errors that payment tokens revert with: ERC-6093, OpenZeppelin's for EIP-2612, and those of issuers who pause a token or block a
 * wallet. The sale passes them on undecoded. A token that refuses without data, as mainnet USDT does, shows as OpenZeppelin's FailedInnerCall
 * (5.0) or FailedCall (later).
 */
const TOKEN_ERRORS = [
  "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
  "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
  "error ERC20InvalidSender(address sender)",
  "error ERC20InvalidReceiver(address receiver)",
  "error ERC20InvalidApprover(address approver)",
  "error ERC20InvalidSpender(address spender)",
  "error ERC2612ExpiredSignature(uint256 deadline)",
  "error ERC2612InvalidSigner(address signer, address owner)",
  "error FailedInnerCall()",
  "error FailedCall()",
  "error AddressEmptyCode(address target)",
  "error EnforcedPause()",
  "error ContractPaused()",
  "error ERC20Blocked(address user)",
  "error ERC20UserRestricted(address account)",
  "error AddressFrozen()",
] as const;

/**
 * The part of a payment token's contract that a buyer uses. `approve` is declared without its return value: mainnet USDT returns none, and
 * decoding a declared bool fails there, while an undeclared one is ignored where it comes; so is `transfer`. `nonces`, `version`, `PERMIT_TYPEHASH` and
 * `DOMAIN_SEPARATOR` belong to EIP-2612 or come with it, and revert on tokens that do not have them. So do the issuer's block and pause:
 * USDT spells the first `isBlackListed`, USDC `isBlacklisted`.
 */
export const tokenAbi = parseAbi([
  "function name() view returns (string)",
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
  "function balanceOf(address account) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function approve(address spender, uint256 value)",
  "function transfer(address to, uint256 value)",
  "function isBlackListed(address account) view returns (bool)",
  "function isBlacklisted(address account) view returns (bool)",
  "function paused() view returns (bool)",
  "function nonces(address owner) view returns (uint256)",
  "function version() view returns (string)",
  "function PERMIT_TYPEHASH() view returns (bytes32)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
  "event Approval(address indexed owner, address indexed spender, uint256 value)",
  ...TOKEN_ERRORS,
]);

/**
 * The part of the sale contract that a buyer uses (sonar.md 4.3, 4.9, 4.10). It names the tokens' errors too: they come through the sale's
 * calls, and without their names decoding ends in raw hex.
 */
export const saleAbi = parseAbi([
  "struct Bid { bool lockup; uint64 price; uint256 amount; }",
  "struct PurchasePermitV3 { bytes16 saleSpecificEntityID; bytes16 saleUUID; address wallet; uint64 expiresAt; uint256 minAmount; uint256 maxAmount; uint64 minPrice; uint64 maxPrice; uint64 opensAt; uint64 closesAt; bytes payload; }",
  "struct TokenAmount { address token; uint256 amount; }",
  "struct WalletTokenAmount { address wallet; address token; uint256 amount; }",
  "struct WalletStateView { address addr; bytes16 entityID; TokenAmount[] committedAmountByToken; TokenAmount[] cancelledAmountByToken; TokenAmount[] acceptedAmountByToken; }",
  "struct EntityStateView { bytes16 entityID; uint32 bidTimestamp; bool refunded; Bid currentBid; WalletStateView[] walletStates; }",

  "function replaceBidWithApproval(address token, Bid bid, PurchasePermitV3 purchasePermit, bytes purchasePermitSignature)",
  "function replaceBidWithPermit(address token, Bid bid, PurchasePermitV3 purchasePermit, bytes purchasePermitSignature, uint256 erc20PermitDeadline, bytes erc20PermitSignature)",
  "function cancelBid()",
  "function reduceCommitment(WalletTokenAmount[] reductions)",
  "function claimRefund()",
  "function entityStatesByIDs(bytes16[] entityIDs) view returns (EntityStateView[])",
  "function walletStatesByAddresses(address[] addrs) view returns (WalletStateView[])",
  "function stage() view returns (uint8)",
  "function paused() view returns (bool)",
  "function paymentTokens() view returns (address[])",
  "function saleUUID() view returns (bytes16)",
  "function claimRefundEnabled() view returns (bool)",
  "function reduceCommitmentEnabled() view returns (bool)",
  "function maxWalletsPerEntity() view returns (uint8)",
  "function totalCommittedAmount() view returns (uint256)",
  "function totalCommittedAmountByToken() view returns (TokenAmount[])",
  "function version() view returns (uint32, uint32, uint32)",

  "event BidPlaced(bytes16 indexed entityID, address indexed wallet, Bid bid)",
  "event CommitmentIncreased(bytes16 indexed entityID, address indexed wallet, address indexed token, uint256 amount)",
  "event CommitmentReduced(bytes16 indexed entityID, address indexed wallet, address indexed token, uint256 amount)",
  "event EntityInitialized(bytes16 indexed entityID, address indexed wallet)",
  "event WalletInitialized(bytes16 indexed entityID, address indexed wallet)",
  "event AllocationSet(bytes16 indexed entityID, address indexed wallet, address indexed token, uint256 amount)",
  "event WalletRefunded(bytes16 indexed entityID, address indexed wallet, address indexed token, uint256 amount)",
  "event EntityRefunded(bytes16 indexed entityID, uint256 amount)",
  "event StageChanged(uint8 indexed previous, uint8 indexed next)",
  "event PausedStateChanged(bool paused)",

  "error InvalidStage(uint8 got, uint8[] want)",
  "error SalePaused()",
  "error PurchasePermitExpired(uint256 expiresAt, uint256 currentTime)",
  "error BidOutsideAllowedWindow(uint64 opensAt, uint64 closesAt, uint256 now)",
  "error InvalidSender(address got, address want)",
  "error UnauthorizedSigner(address signer)",
  "error InvalidSaleUUID(bytes16 got, bytes16 want)",
  "error InvalidPaymentToken(address token)",
  "error BidBelowMinAmount(uint256 amount, uint256 bound)",
  "error BidExceedsMaxAmount(uint256 amount, uint256 bound)",
  "error BidPriceBelowMinPrice(uint256 price, uint256 bound)",
  "error BidPriceExceedsMaxPrice(uint256 price, uint256 bound)",
  "error BidAmountCannotBeLowered(uint256 got, uint256 want)",
  "error BidPriceCannotBeLowered(uint256 got, uint256 want)",
  "error BidMustHaveLockup()",
  "error BidLockupCannotBeUndone()",
  "error ZeroAmount()",
  "error ZeroEntityID()",
  "error WalletTiedToAnotherEntity(bytes16 got, bytes16 want, address wallet)",
  "error MaxWalletsPerEntityExceeded(bytes16 entityID, uint256 got, uint256 want)",
  "error AlreadyRefunded(bytes16 entityID)",
  "error WalletNotInitialized(address wallet)",
  "error ReduceCommitmentDisabled()",
  "error ReductionExceedsReducibleAmount(bytes16 entityID, address wallet, address token, uint256 amount, uint256 committed, uint256 allocated)",
  "error ClaimRefundDisabled()",
  "error WalletNotAssociatedWithEntity(address wallet, bytes16 entityID)",
  "error ECDSAInvalidSignature()",
  "error ECDSAInvalidSignatureLength(uint256 length)",
  "error ECDSAInvalidSignatureS(bytes32 s)",
  "error SafeERC20FailedOperation(address token)",
  ...TOKEN_ERRORS,
]);
