import { describe, expect, it } from "vitest";
import { toEventSelector, toFunctionSelector } from "viem";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";

/** Buyer-facing functions, sonar.md 4.3. */
const FUNCTIONS = {
  "0xd12cf2c5": "replaceBidWithApproval",
  "0x0019127c": "replaceBidWithPermit",
  "0x9435c887": "cancelBid",
  "0x98a45688": "reduceCommitment",
  "0xb5545a3c": "claimRefund",
  "0xb4871ae6": "entityStatesByIDs",
  "0x078c596a": "walletStatesByAddresses",
  "0xc040e6b8": "stage",
  "0x5c975abb": "paused",
  "0x25ef180d": "paymentTokens",
  "0xb185b20d": "saleUUID",
  "0x0186b904": "claimRefundEnabled",
  "0xf2688616": "reduceCommitmentEnabled",
  "0xd788bc9e": "maxWalletsPerEntity",
  "0xd8d08b8f": "totalCommittedAmount",
  "0xe2ccb2b4": "totalCommittedAmountByToken",
  "0x54fd4d50": "version",
};

/** Errors, sonar.md 4.10. */
const ERRORS = {
  "0xa96cafa2": "InvalidStage",
  "0x8a98cbd0": "SalePaused",
  "0x92e94eb0": "PurchasePermitExpired",
  "0xf795b7cd": "BidOutsideAllowedWindow",
  "0xe1130dba": "InvalidSender",
  "0xe74c68bb": "UnauthorizedSigner",
  "0x265688c2": "InvalidSaleUUID",
  "0x4e34486d": "InvalidPaymentToken",
  "0x9619ba97": "BidBelowMinAmount",
  "0x69cd4982": "BidExceedsMaxAmount",
  "0xa9108d35": "BidPriceBelowMinPrice",
  "0x9704cd5f": "BidPriceExceedsMaxPrice",
  "0x945b17c1": "BidAmountCannotBeLowered",
  "0x3075fd87": "BidPriceCannotBeLowered",
  "0xb4ff16e5": "BidMustHaveLockup",
  "0xc9b60561": "BidLockupCannotBeUndone",
  "0x1f2a2005": "ZeroAmount",
  "0x02d4bef7": "WalletTiedToAnotherEntity",
  "0xe8429374": "MaxWalletsPerEntityExceeded",
  "0x86a208cb": "AlreadyRefunded",
  "0xd65b3fa2": "WalletNotInitialized",
  "0xcb4c6126": "ReduceCommitmentDisabled",
  "0xf0385a15": "ReductionExceedsReducibleAmount",
  "0x9eedfbcc": "ClaimRefundDisabled",
  "0x233af266": "WalletNotAssociatedWithEntity",
  "0xf645eedf": "ECDSAInvalidSignature",
  "0xfce698f7": "ECDSAInvalidSignatureLength",
  "0xd78bce0c": "ECDSAInvalidSignatureS",
  "0x5274afe7": "SafeERC20FailedOperation",
};

/** First and last digits of the events' topics, sonar.md 4.9. */
const EVENTS = {
  "0xe27dec4e...98db": "BidPlaced",
  "0x13be04f6...858d": "CommitmentIncreased",
  "0xc8aad043...b442": "CommitmentReduced",
  "0x1fd864ee...c410": "EntityInitialized",
  "0x617860c8...65d4": "WalletInitialized",
  "0x577e7407...6290": "AllocationSet",
  "0xf59b66b4...dfd8": "WalletRefunded",
  "0x7abd3cac...74fc": "EntityRefunded",
  "0x0f63b8bf...acf1": "StageChanged",
  "0x9e3a5e37...be64": "PausedStateChanged",
};

describe("the sandbox's sale has the real sale's interface", () => {
  it.each(Object.entries(FUNCTIONS))("%s is %s()", (selector, name) => {
    const found = sandboxSaleAbi.filter((item) => item.type === "function" && toFunctionSelector(item) === selector);
    expect(found.map((item) => item.type === "function" && item.name)).toEqual([name]);
  });

  it.each(Object.entries(ERRORS))("%s is the error %s", (selector, name) => {
    const errors = sandboxSaleAbi.filter((item) => item.type === "error");
    const found = errors.filter(({ name: own, inputs }) => {
      return toFunctionSelector(`${own}(${inputs.map(({ type }) => type).join(",")})`) === selector;
    });
    expect(found.map((error) => error.name)).toEqual([name]);
  });

  it.each(Object.entries(EVENTS))("%s is the event %s", (topic, name) => {
    const events = sandboxSaleAbi.filter((item) => item.type === "event");
    const found = events.filter((event) => toEventSelector(event).replace(/^(.{10}).*(.{4})$/, "$1...$2") === topic);
    expect(found.map((event) => event.name)).toEqual([name]);
  });
});
