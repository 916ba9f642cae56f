/** One broken rule of the contract: a text of one source is replaced by another. */
export interface Mutation {
  title: string;
  file: string;
  /** Occurs once in the file. */
  find: string;
  replace: string;
  /** Statements of rules, each of which must fail then. */
  breaks: readonly string[];
}

/** Mistakes that a sale contract could contain. */
export const MUTATIONS: readonly Mutation[] = [
  {
    title: "the pause stops nobody",
    file: "SaleStages.sol",
    find: "if (paused) revert SalePaused();",
    replace: "",
    breaks: ["a bid is refused while the sale is paused", "cancelBid is refused while the sale is paused"],
  },
  {
    title: "the pause is checked before the stage",
    file: "SaleStages.sol",
    find: "_requireStage(wanted);\n        if (paused) revert SalePaused();",
    replace: "if (paused) revert SalePaused();\n        _requireStage(wanted);",
    breaks: ["InvalidStage comes before SalePaused"],
  },
  {
    title: "a permit is good for one more second",
    file: "SaleBids.sol",
    find: "block.timestamp >= purchasePermit.expiresAt",
    replace: "block.timestamp > purchasePermit.expiresAt",
    breaks: ["a permit is expired from its last second on"],
  },
  {
    title: "anybody may use a permit",
    file: "SaleBids.sol",
    find: "if (msg.sender != purchasePermit.wallet) revert InvalidSender(msg.sender, purchasePermit.wallet);",
    replace: "",
    breaks: ["a permit is for its wallet only"],
  },
  {
    title: "an error's values are the wrong way round",
    file: "SaleBids.sol",
    find: "revert InvalidSender(msg.sender, purchasePermit.wallet)",
    replace: "revert InvalidSender(purchasePermit.wallet, msg.sender)",
    breaks: ["a permit is for its wallet only"],
  },
  {
    title: "anybody may sign permits",
    file: "SaleBids.sol",
    find: "if (!hasRole(PURCHASE_PERMIT_SIGNER_ROLE, signer)) revert UnauthorizedSigner(signer);",
    replace: "",
    breaks: [
      "a permit of anybody but the signer is refused",
      "the signature covers every field that is not checked before it",
    ],
  },
  {
    title: "the signature is over a hash of the permit",
    file: "SaleBids.sol",
    find: "toEthSignedMessageHash(abi.encode(purchasePermit))",
    replace: "toEthSignedMessageHash(keccak256(abi.encode(purchasePermit)))",
    breaks: ["a permit may be used again until it expires"],
  },
  {
    title: "the token is checked after the window",
    file: "SaleBids.sol",
    find: "if (!_isPaymentToken[token]) revert InvalidPaymentToken(token);\n        _checkTerms(bid, purchasePermit);",
    replace:
      "_checkTerms(bid, purchasePermit);\n        if (!_isPaymentToken[token]) revert InvalidPaymentToken(token);",
    breaks: ["InvalidPaymentToken comes before BidOutsideAllowedWindow"],
  },
  {
    title: "the window closes a second late",
    file: "SaleBids.sol",
    find: "block.timestamp >= terms.closesAt",
    replace: "block.timestamp > terms.closesAt",
    breaks: ["the window is closed from its last second on"],
  },
  {
    title: "the greatest amount is refused",
    file: "SaleBids.sol",
    find: "bid.amount > terms.maxAmount",
    replace: "bid.amount >= terms.maxAmount",
    breaks: ["an amount above the permit's is refused, the greatest itself accepted"],
  },
  {
    title: "a forced lockup forces nothing",
    file: "SaleBids.sol",
    find: "if (forcedLockup && !bid.lockup) revert BidMustHaveLockup();",
    replace: "",
    breaks: ["a forced lockup refuses a bid without lockup", "BidMustHaveLockup comes before AlreadyRefunded"],
  },
  {
    title: "an empty payload forces no lockup",
    file: "SaleBids.sol",
    find: "bool forcedLockup = abi.decode(",
    replace: "bool forcedLockup = terms.payload.length > 0 && abi.decode(",
    breaks: ["an empty payload is refused without data", "(no data) comes before AlreadyRefunded"],
  },
  {
    title: "a bid can be lowered",
    file: "SaleBids.sol",
    find: "if (bid.price < current.price) revert",
    replace: "if (bid.price + 1 < current.price) revert",
    breaks: ["a price cannot be lowered, not even with a higher amount"],
  },
  {
    title: "a lockup can be undone",
    file: "SaleBids.sol",
    find: "if (current.lockup && !bid.lockup) revert BidLockupCannotBeUndone();",
    replace: "",
    breaks: ["a lockup cannot be undone"],
  },
  {
    title: "the amount counts as an increment",
    file: "SaleBids.sol",
    find: "increase = bid.amount - entity.currentBid.amount;",
    replace: "increase = bid.amount;",
    breaks: [
      "the amount is the entity's new total: only the difference is taken, from the caller in the token of the call",
      "the same bid again is accepted and changes nothing",
      "a bid that takes nothing reports an increase of zero, and no new wallet",
    ],
  },
  {
    title: "a failing EIP-2612 permit ends the bid",
    file: "SaleBids.sol",
    find: "try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}",
    replace: "IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s);",
    breaks: ["an EIP-2612 permit that fails is no matter where an allowance covers the bid"],
  },
  {
    title: "an entity has one wallet more",
    file: "SaleLedger.sol",
    find: "if (count > maxWalletsPerEntity)",
    replace: "if (count > uint256(maxWalletsPerEntity) + 1)",
    breaks: ["an entity has no more wallets than the sale allows"],
  },
  {
    title: "a wallet can change its entity",
    file: "SaleLedger.sol",
    find: "if (known != 0) revert WalletTiedToAnotherEntity(entityID, known, wallet);",
    replace: "",
    breaks: ["a wallet cannot bid for a second entity", "a wallet stays tied when its entity has cancelled"],
  },
  {
    title: "whoever cancels gets everything",
    file: "SaleLedger.sol",
    find: "emit CommitmentReduced(entityID, wallet, token, amount);\n        IERC20(token).safeTransfer(wallet, amount);",
    replace:
      "emit CommitmentReduced(entityID, wallet, token, amount);\n        IERC20(token).safeTransfer(msg.sender, amount);",
    breaks: [
      "any wallet cancels for all: each gets back what it paid, in the token it paid",
      "a reduction may be of the entity's other wallet, which then gets the money",
    ],
  },
  {
    title: "who cancelled may bid again",
    file: "SaleReturns.sol",
    find: "entity.refunded = true;\n        entity.currentBid.amount = 0;",
    replace: "entity.currentBid.amount = 0;",
    breaks: ["an entity that cancelled cannot bid again, with no wallet", "an entity that cancelled has no refund"],
  },
  {
    title: "reducing to zero leaves the entity in",
    file: "SaleReturns.sol",
    find: "if (entity.currentBid.amount == 0) entity.refunded = true;",
    replace: "",
    breaks: ["an entity that reduced to zero counts as refunded, one that reduced to one unit does not"],
  },
  {
    title: "a refund takes no account of what was accepted",
    file: "SaleLedger.sol",
    find: "return account.committed - account.accepted;",
    replace: "return account.committed;",
    breaks: [
      "any wallet claims for all: each gets what it committed less what was accepted",
      "what was accepted is not given back",
      "what was accepted cannot be reduced",
    ],
  },
  {
    title: "a refund can be claimed again",
    file: "SaleLedger.sol",
    find: "entity.refunded = true;",
    replace: "",
    breaks: ["an entity is refunded once, whichever wallet claims again"],
  },
];
