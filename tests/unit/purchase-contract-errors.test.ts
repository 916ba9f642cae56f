import { describe, expect, it } from "vitest";
import type { Abi } from "viem";
import { encodeErrorResult } from "viem/utils";
import { CONTRACT_ERRORS, decodeRevert, type ContractErrorName } from "@/lib/purchase/errors/contract-errors";
import type { ErrorAction } from "@/lib/purchase/errors/error-advice";
import { parsePriceTick } from "@/lib/purchase/price";
import { explainError } from "@/lib/purchase/errors/explain-error";
import { saleAbi } from "@/lib/sale/abi";
import { revertWith } from "@/tests/support/purchase/failing-chain";

const ID = `0x${"11".repeat(16)}` as const;
const OTHER_ID = `0x${"22".repeat(16)}` as const;
const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const TOKEN = `0x${"ab".repeat(20)}` as const;
const ABI: Abi = saleAbi;
const context = { token: { symbol: "USDC", decimals: 6 }, tick: parsePriceTick("0.0215") };

interface ErrorCase {
  args?: readonly unknown[];
  says: RegExp;
  action: ErrorAction;
}

/** Every error of sonar.md 4.10 and of the tokens: real arguments, what has to be said, what has to be offered. */
const CASES: Record<ContractErrorName, ErrorCase> = {
  InvalidStage: { args: [2, [1]], says: /stage of the sale/, action: "reload" },
  SalePaused: { says: /paused/, action: "none" },
  PurchasePermitExpired: { args: [1_600n, 1_700n], says: /expired.*new one/, action: "retry" },
  BidOutsideAllowedWindow: {
    args: [1_800_000_000n, 1_800_086_400n, 1_700_000_000n],
    says: /^You can commit from 15 Jan 2027, 08:00 UTC\.$/,
    action: "none",
  },
  InvalidSender: { args: [TOKEN, WALLET], says: /wallet 0x709979…dc79C8\. Switch back/, action: "none" },
  UnauthorizedSigner: { args: [WALLET], says: /signer.*report/, action: "report" },
  InvalidSaleUUID: { args: [ID, OTHER_ID], says: /another sale.*report/, action: "report" },
  InvalidPaymentToken: { args: [TOKEN], says: /does not accept this token/, action: "change" },
  BidBelowMinAmount: { args: [1n, 2_500_000n], says: /at least 2\.50 USDC/, action: "change" },
  BidExceedsMaxAmount: { args: [9n, 5_000_000_000n], says: /at most 5,000\.00 USDC/, action: "change" },
  BidPriceBelowMinPrice: { args: [1n, 3n], says: /lowest price you can bid is 0\.0645/, action: "change" },
  BidPriceExceedsMaxPrice: { args: [9n, 3n], says: /highest price you can bid is 0\.0645/, action: "change" },
  BidAmountCannotBeLowered: { args: [1n, 2n], says: /changed in the meantime.*add more/, action: "reload" },
  BidPriceCannotBeLowered: { args: [1n, 2n], says: /changed in the meantime.*price/, action: "reload" },
  BidMustHaveLockup: { says: /must have a lockup/, action: "change" },
  BidLockupCannotBeUndone: { says: /lockup, which cannot be removed/, action: "reload" },
  ZeroAmount: { says: /above zero/, action: "change" },
  ZeroEntityID: { says: /no entity.*report/, action: "report" },
  WalletTiedToAnotherEntity: { args: [ID, OTHER_ID, WALLET], says: /another entity/, action: "none" },
  MaxWalletsPerEntityExceeded: { args: [ID, 4n, 3n], says: /at most 3 wallets/, action: "none" },
  AlreadyRefunded: { args: [ID], says: /cannot commit to this sale again/, action: "reload" },
  WalletNotInitialized: { args: [WALLET], says: /wallet has no commitment/, action: "none" },
  ReduceCommitmentDisabled: { says: /cannot be reduced/, action: "none" },
  ReductionExceedsReducibleAmount: {
    args: [ID, WALLET, TOKEN, 9n, 5n, 1n],
    says: /more than this wallet can take back/,
    action: "change",
  },
  ClaimRefundDisabled: { says: /sent automatically/, action: "none" },
  WalletNotAssociatedWithEntity: { args: [WALLET, ID], says: /does not belong/, action: "none" },
  ECDSAInvalidSignature: { says: /signature.*report/, action: "report" },
  ECDSAInvalidSignatureLength: { args: [64n], says: /signature.*report/, action: "report" },
  ECDSAInvalidSignatureS: { args: [`0x${"ff".repeat(32)}`], says: /signature.*report/, action: "report" },
  SafeERC20FailedOperation: { args: [TOKEN], says: /refused the payment/, action: "retry" },
  ERC20InsufficientAllowance: { args: [WALLET, 0n, 5n], says: /approval.*approve it/, action: "retry" },
  ERC20InsufficientBalance: {
    args: [WALLET, 1_000_000n, 2_500_000n],
    says: /holds 1 USDC, but 2\.50 USDC is needed/,
    action: "change",
  },
  ERC20InvalidSender: { args: [WALLET], says: /report/, action: "report" },
  ERC20InvalidReceiver: { args: [WALLET], says: /report/, action: "report" },
  ERC20InvalidApprover: { args: [WALLET], says: /report/, action: "report" },
  ERC20InvalidSpender: { args: [WALLET], says: /report/, action: "report" },
  ERC2612ExpiredSignature: { args: [1_600n], says: /expired.*sign once more/, action: "retry" },
  ERC2612InvalidSigner: { args: [WALLET, TOKEN], says: /signature/, action: "retry" },
  FailedInnerCall: { says: /refused the payment without giving a reason/, action: "reload" },
  FailedCall: { says: /refused the payment without giving a reason/, action: "reload" },
  AddressEmptyCode: { args: [TOKEN], says: /no contract.*token.*report/, action: "report" },
  EnforcedPause: { says: /issuer has paused/, action: "none" },
  ContractPaused: { says: /issuer has paused/, action: "none" },
  ERC20Blocked: { args: [WALLET], says: /issuer has blocked this wallet/, action: "none" },
  ERC20UserRestricted: { args: [WALLET], says: /issuer has blocked this wallet/, action: "none" },
  AddressFrozen: { says: /issuer has blocked this wallet/, action: "none" },
};

const NAMES = Object.keys(CASES).filter((name): name is ContractErrorName => name in CONTRACT_ERRORS);

function encoded(name: ContractErrorName, args: readonly unknown[] | undefined): `0x${string}` {
  return encodeErrorResult({ abi: ABI, errorName: name, args });
}

describe("an error of the contract or a token", () => {
  it("has its words here, whichever of the ABI it is", () => {
    const names = saleAbi.flatMap((item) => (item.type === "error" ? [item.name] : []));
    expect(NAMES.sort()).toEqual([...names].sort());
  });

  it.each(NAMES)("%s is told from its revert data, in a sentence and with a way forward", async (name) => {
    const { args, says, action } = CASES[name];
    const message = explainError(await revertWith(encoded(name, args)), context);
    expect(message).toEqual({ kind: name, sentence: expect.stringMatching(says), action });
  });

  it.each(NAMES)("%s shows no hex, no full address and no word of code", async (name) => {
    const message = explainError(await revertWith(encoded(name, CASES[name].args)));
    expect(message.sentence).not.toMatch(/0x[0-9a-f]{7,}|[a-z][A-Z]|revert/);
    expect(message.sentence).toMatch(/^[A-Z].*[.]$/);
  });

  it.each(NAMES)("%s has a sentence without numbers, for when the token is not known yet", async (name) => {
    const { kind, sentence } = explainError(await revertWith(encoded(name, CASES[name].args)));
    expect(kind).toBe(name);
    expect(sentence).not.toMatch(/undefined|NaN|000000/);
  });

  it("has the names of an expired permit's times in the contract's order: its end, then the block's time", () => {
    const [expired] = saleAbi.filter((item) => item.type === "error" && item.name === "PurchasePermitExpired");
    expect(expired).toMatchObject({ inputs: [{ name: "expiresAt" }, { name: "currentTime" }] });
  });

  it("about the window tells when it ended, once it is over", async () => {
    const data = encoded("BidOutsideAllowedWindow", [0n, 1_800_086_400n, 1_800_086_400n]);
    expect(explainError(await revertWith(data)).sentence).toBe("Your time window closed on 16 Jan 2027, 08:00 UTC.");
  });
});

describe("revert data", () => {
  it("is found behind a word that some nodes put before it", () => {
    expect(decodeRevert(`Reverted ${encoded("SalePaused", [])}`)?.errorName).toBe("SalePaused");
  });

  it.each([
    "",
    "0x",
    "0x8a98cb",
    "0xdeadbeef",
    "0x8a98cbd",
    `${encoded("AlreadyRefunded", [ID]).slice(0, 20)}`,
    "hello",
  ])("that cannot be decoded is nothing: %j", (data) => {
    expect(decodeRevert(data)).toBeUndefined();
  });
});
