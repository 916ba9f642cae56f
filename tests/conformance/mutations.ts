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

/** Mistakes in what a sale contract does for buyers. */
export const BUYERS_MUTATIONS: readonly Mutation[] = [
  {
    title: "the pause stops nobody",
    file: "SaleStages.sol",
    find: "if (paused) revert SalePaused();",
    replace: "",
    breaks: [
      "a bid is refused while the sale is paused",
      "cancelBid is refused while the sale is paused",
      "replaceBidWithPermit is refused in another stage and while the sale is paused",
    ],
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
    find: "_requirePaymentToken(token);\n        _checkTerms(bid, purchasePermit);",
    replace: "_checkTerms(bid, purchasePermit);\n        _requirePaymentToken(token);",
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
    find: "emit CommitmentReduced(entityID, wallet, token, amount);\n        _pay(token, wallet, amount);",
    replace: "emit CommitmentReduced(entityID, wallet, token, amount);\n        _pay(token, msg.sender, amount);",
    breaks: [
      "the operator reduces a commitment at any stage, and the wallet gets the money",
      "any wallet cancels for all: each gets back what it paid, in the token it paid",
      "a reduction may be of the entity's other wallet, which then gets the money",
    ],
  },
  {
    title: "an entity with nothing left stays in",
    file: "SaleLedger.sol",
    find: "if (entity.currentBid.amount == 0) entity.refunded = true;",
    replace: "",
    breaks: [
      "an entity that cancelled cannot bid again, with no wallet",
      "an entity that cancelled has no refund",
      "an entity that reduced to zero counts as refunded, one that reduced to one unit does not",
      "an entity whose commitment the operator has taken down is out of the sale",
    ],
  },
  {
    title: "a refund takes no account of what was accepted",
    file: "SaleLedger.sol",
    find: "return account.committed[token] - account.accepted[token];",
    replace: "return account.committed[token];",
    breaks: [
      "any wallet claims for all: each gets what it committed less what was accepted",
      "what was accepted is not given back",
      "what was accepted cannot be reduced",
    ],
  },
  {
    title: "a refund can be claimed again",
    file: "SaleLedger.sol",
    find: "entity.refunded = true;\n        uint256 sum;",
    replace: "uint256 sum;",
    breaks: ["an entity is refunded once, whichever wallet claims again"],
  },
  {
    title: "the error of an expired permit has its values the wrong way round",
    file: "SaleBids.sol",
    find: "revert PurchasePermitExpired(purchasePermit.expiresAt, block.timestamp)",
    replace: "revert PurchasePermitExpired(block.timestamp, purchasePermit.expiresAt)",
    breaks: ["the error of an expired permit tells its end first, then the time"],
  },
  {
    title: "every refusal of a token is the same error",
    file: "SaleLedger.sol",
    find: "bytes memory result = Address.functionCall(token, data);",
    replace:
      "(bool ok, bytes memory result) = token.call(data);\n        if (!ok) revert SafeERC20FailedOperation(token);",
    breaks: ["a token's refusal is passed on, but for one without data, which ends in one of three ways"],
  },
  {
    title: "cancelling ends the entity's part, whatever was accepted",
    file: "SaleReturns.sol",
    find: "for (uint256 i; i < wallets.length; ++i) _cancelWallet(entityID, wallets[i]);",
    replace:
      "for (uint256 i; i < wallets.length; ++i) _cancelWallet(entityID, wallets[i]);\n        _entities[entityID].refunded = true;",
    breaks: [
      "with a part accepted, the entity stays in the sale with that part",
      "with a part accepted, cancelling again is accepted and changes nothing",
      "with everything accepted, cancelling changes nothing",
    ],
  },
  {
    title: "any token can be reduced",
    file: "SaleReturns.sol",
    find: "_requirePaymentToken(token);",
    replace: "",
    breaks: ["a token that is no payment token cannot be reduced"],
  },
  {
    title: "a call may reduce on after the last of a commitment",
    file: "SaleReturns.sol",
    find: "_requireNotRefunded(entityID);\n        _requireWalletOf(entityID, wallet);",
    replace: "_requireWalletOf(entityID, wallet);",
    breaks: ["one call reduces several wallets, but nothing after the entity has nothing left"],
  },
  {
    title: "the operator reduces in one stage only",
    file: "SaleReturns.sol",
    find: "external onlyRole(COMMITMENT_REDUCER_ROLE) {",
    replace: "external onlyRole(COMMITMENT_REDUCER_ROLE) onlyDuring(Stage.Cancellation) {",
    breaks: ["the operator reduces a commitment at any stage, and the wallet gets the money"],
  },
  {
    title: "a reduction is not compared with what can be reduced",
    file: "SaleReturns.sol",
    find: "if (amount > _unaccepted(wallet, token)) {",
    replace: "if (amount > _unaccepted(wallet, token) + 1) {",
    breaks: [
      "the operator cannot reduce what is not there",
      "a wallet's commitment cannot be reduced by more than it is, whatever the entity's is",
    ],
  },
  {
    title: "an unknown entity's row has no id",
    file: "SaleViews.sol",
    find: "state.entityID = entityID;",
    replace: "if (count > 0) state.entityID = entityID;",
    breaks: ["an entity that never bid is a row of zeros under the id that was asked for"],
  },
];
