import { describe, expect, it } from "vitest";
import {
  decodeFunctionResult,
  encodeAbiParameters,
  encodeFunctionData,
  getAbiItem,
  hashMessage,
  toEventSelector,
  toFunctionSelector,
} from "viem/utils";
import { saleAbi, tokenAbi } from "@/lib/sale/abi";
import { someReadPermit } from "@/tests/support/purchase/some-purchase";

/** sonar.md 4.3. */
const FUNCTIONS: Record<string, string> = {
  replaceBidWithApproval: "0xd12cf2c5",
  replaceBidWithPermit: "0x0019127c",
  cancelBid: "0x9435c887",
  reduceCommitment: "0x98a45688",
  claimRefund: "0xb5545a3c",
  entityStatesByIDs: "0xb4871ae6",
  walletStatesByAddresses: "0x078c596a",
  stage: "0xc040e6b8",
  paused: "0x5c975abb",
  paymentTokens: "0x25ef180d",
  saleUUID: "0xb185b20d",
  claimRefundEnabled: "0x0186b904",
  reduceCommitmentEnabled: "0xf2688616",
  maxWalletsPerEntity: "0xd788bc9e",
  totalCommittedAmount: "0xd8d08b8f",
  totalCommittedAmountByToken: "0xe2ccb2b4",
  version: "0x54fd4d50",
};

/** sonar.md 4.10. The last ones are not listed there: the selectors are of ERC-6093, EIP-2612 and the signatures of 4.5. */
const ERRORS: Record<string, string> = {
  InvalidStage: "0xa96cafa2",
  SalePaused: "0x8a98cbd0",
  PurchasePermitExpired: "0x92e94eb0",
  BidOutsideAllowedWindow: "0xf795b7cd",
  InvalidSender: "0xe1130dba",
  UnauthorizedSigner: "0xe74c68bb",
  InvalidSaleUUID: "0x265688c2",
  InvalidPaymentToken: "0x4e34486d",
  BidBelowMinAmount: "0x9619ba97",
  BidExceedsMaxAmount: "0x69cd4982",
  BidPriceBelowMinPrice: "0xa9108d35",
  BidPriceExceedsMaxPrice: "0x9704cd5f",
  BidAmountCannotBeLowered: "0x945b17c1",
  BidPriceCannotBeLowered: "0x3075fd87",
  BidMustHaveLockup: "0xb4ff16e5",
  BidLockupCannotBeUndone: "0xc9b60561",
  ZeroAmount: "0x1f2a2005",
  WalletTiedToAnotherEntity: "0x02d4bef7",
  MaxWalletsPerEntityExceeded: "0xe8429374",
  AlreadyRefunded: "0x86a208cb",
  WalletNotInitialized: "0xd65b3fa2",
  ReduceCommitmentDisabled: "0xcb4c6126",
  ReductionExceedsReducibleAmount: "0xf0385a15",
  ClaimRefundDisabled: "0x9eedfbcc",
  WalletNotAssociatedWithEntity: "0x233af266",
  ECDSAInvalidSignature: "0xf645eedf",
  ECDSAInvalidSignatureLength: "0xfce698f7",
  ECDSAInvalidSignatureS: "0xd78bce0c",
  SafeERC20FailedOperation: "0x5274afe7",
  ERC20InsufficientAllowance: "0xfb8f41b2",
  ERC20InsufficientBalance: "0xe450d38c",
  ZeroEntityID: toFunctionSelector("ZeroEntityID()"),
  ERC20InvalidSender: "0x96c6fd1e",
  ERC20InvalidReceiver: "0xec442f05",
  ERC20InvalidApprover: "0xe602df05",
  ERC20InvalidSpender: "0x94280d62",
  ERC2612ExpiredSignature: "0x62791302",
  ERC2612InvalidSigner: "0x4b800e46",
  FailedInnerCall: "0x1425ea42",
  FailedCall: "0xd6bda275",
  AddressEmptyCode: "0x9996b315",
  EnforcedPause: "0xd93c0665",
  ContractPaused: toFunctionSelector("ContractPaused()"),
  ERC20Blocked: toFunctionSelector("ERC20Blocked(address)"),
  ERC20UserRestricted: toFunctionSelector("ERC20UserRestricted(address)"),
  AddressFrozen: toFunctionSelector("AddressFrozen()"),
};

/** sonar.md 4.9: both ends of each topic. */
const EVENTS: Record<string, [string, string]> = {
  BidPlaced: ["0xe27dec4e", "98db"],
  CommitmentIncreased: ["0x13be04f6", "858d"],
  CommitmentReduced: ["0xc8aad043", "b442"],
  EntityInitialized: ["0x1fd864ee", "c410"],
  WalletInitialized: ["0x617860c8", "65d4"],
  AllocationSet: ["0x577e7407", "6290"],
  WalletRefunded: ["0xf59b66b4", "dfd8"],
  EntityRefunded: ["0x7abd3cac", "74fc"],
  StageChanged: ["0x0f63b8bf", "acf1"],
  PausedStateChanged: ["0x9e3a5e37", "be64"],
};

const APPROVED = `0x${"0".repeat(63)}1` as const;

describe("the sale's ABI", () => {
  it("has every function by its selector, and no other", () => {
    const found = saleAbi.flatMap((item) => (item.type === "function" ? [[item.name, toFunctionSelector(item)]] : []));
    expect(Object.fromEntries(found)).toEqual(FUNCTIONS);
  });

  it("has every error of the sale and of its tokens by its selector, and no other", () => {
    const found = saleAbi.flatMap((item) =>
      item.type === "error"
        ? [[item.name, toFunctionSelector({ ...item, type: "function", outputs: [], stateMutability: "view" })]]
        : [],
    );
    expect(Object.fromEntries(found)).toEqual(ERRORS);
  });

  it("has every event by its topic, and no other", () => {
    const found = saleAbi.flatMap((item) => {
      if (item.type !== "event") return [];
      const topic = toEventSelector(item);
      return [[item.name, [topic.slice(0, 10), topic.slice(-4)]]];
    });
    expect(Object.fromEntries(found)).toEqual(EVENTS);
  });

  it("encodes a permit to the bytes that were signed", () => {
    const [, , permitType] = getAbiItem({ abi: saleAbi, name: "replaceBidWithApproval" }).inputs;
    const encoded = encodeAbiParameters([permitType], [someReadPermit()]);
    expect(hashMessage({ raw: encoded })).toBe("0x893e1f1d59ad016e35c761169dd639ea720ea7e61666e6f1bd669b12ccc94862");
  });

  it("reads the row of an entity that the contract does not know", () => {
    const zeroRow = [{ entityID: `0x${"0".repeat(32)}`, bidTimestamp: 0, refunded: false }] as const;
    const words = ["20", "1", "20", "0", "0", "0", "0", "0", "0", "e0", "0"];
    const data = `0x${words.map((word) => word.padStart(64, "0")).join("")}` as const;
    const rows = decodeFunctionResult({ abi: saleAbi, functionName: "entityStatesByIDs", data });
    const currentBid = { lockup: false, price: 0n, amount: 0n };
    expect(rows).toEqual([{ ...zeroRow[0], currentBid, walletStates: [] }]);
  });
});

describe("the tokens' ABI", () => {
  it.each(["0x", APPROVED] as const)("an approval that returns %s is read without trouble", (data) => {
    expect(() => decodeFunctionResult({ abi: tokenAbi, functionName: "approve", data })).not.toThrow();
  });

  it("an approval is encoded as ERC-20 has it", () => {
    const args = [`0x${"ab".repeat(20)}`, 5n] as const;
    const data = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args });
    expect(data).toBe(`0x095ea7b3${"ab".repeat(20).padStart(64, "0")}${"5".padStart(64, "0")}`);
  });

  it.each([
    ["nonces", "0x7ecebe00"],
    ["DOMAIN_SEPARATOR", "0x3644e515"],
    ["version", "0x54fd4d50"],
    ["allowance", "0xdd62ed3e"],
    ["balanceOf", "0x70a08231"],
    ["decimals", "0x313ce567"],
    ["symbol", "0x95d89b41"],
    ["name", "0x06fdde03"],
    ["transfer", "0xa9059cbb"],
    ["isBlackListed", "0xe47d6060"],
    ["isBlacklisted", "0xfe575a87"],
    ["paused", "0x5c975abb"],
  ] as const)("%s is called by the selector %s", (name, selector) => {
    expect(toFunctionSelector(getAbiItem({ abi: tokenAbi, name }))).toBe(selector);
  });
});
