import { describe, expect, it } from "vitest";
import { encodeFunctionData, parseAbi, type Address, type Hex } from "viem";
import { activityEntries, returnCallOf, type ReturnCall, type SaleEvent } from "@/lib/activity/entries";

const SALE: Address = "0x00000000000000000000000000000000000005a1";
const SAFE: Address = "0x00000000000000000000000000000000000000fe";
const WALLET: Address = "0x00000000000000000000000000000000000000aa";
const USDC: Address = "0x00000000000000000000000000000000000000dc";
const ENTITY: Hex = "0x0000000000000000000000000000e001";
const OTHER: Hex = "0x0000000000000000000000000000e002";

const abi = parseAbi([
  "function cancelBid()",
  "function reduceCommitment((address wallet, address token, uint256 amount)[])",
  "function forceReduceCommitment((address wallet, address token, uint256 amount)[])",
  "function claimRefund()",
  "function processRefunds(bytes16[], bool)",
  "function execTransaction(address to, uint256 value, bytes data)",
]);

const cancel = encodeFunctionData({ abi, functionName: "cancelBid" });
const claim = encodeFunctionData({ abi, functionName: "claimRefund" });
const inside = (to: Address, data: Hex) =>
  encodeFunctionData({ abi, functionName: "execTransaction", args: [to, 0n, data] });

describe("who paid money back", () => {
  const part = [{ wallet: WALLET, token: USDC, amount: 5n }];
  it.each<[Hex, ReturnCall]>([
    [cancel, "cancelBid"],
    [encodeFunctionData({ abi, functionName: "reduceCommitment", args: [part] }), "reduceCommitment"],
    [encodeFunctionData({ abi, functionName: "forceReduceCommitment", args: [part] }), "forceReduceCommitment"],
    [claim, "claimRefund"],
    [encodeFunctionData({ abi, functionName: "processRefunds", args: [[ENTITY], true] }), "processRefunds"],
  ])("is told by the function that was called: %s", (input, call) => {
    expect(returnCallOf({ to: SALE, input }, SALE)).toBe(call);
    expect(returnCallOf({ to: SAFE, input: inside(SALE, input) }, SALE), "by a contract wallet").toBe(call);
  });

  it.each<[string, { to: Address | null; input: Hex }]>([
    ["another contract was called", { to: SAFE, input: cancel }],
    ["a contract wallet called another contract", { to: SAFE, input: inside(USDC, cancel) }],
    [
      "several such calls are in one transaction",
      { to: SAFE, input: `${inside(SALE, cancel)}${inside(SALE, claim).slice(2)}` },
    ],
    ["the selector's digits lie across bytes", { to: SAFE, input: `${inside(SALE, "0x")}0${cancel.slice(2)}0` }],
    ["the call is not known", { to: SALE, input: "0x12345678" }],
    ["a contract was deployed", { to: null, input: cancel }],
  ])("is not guessed where %s", (_name, transaction) => {
    expect(returnCallOf(transaction, SALE)).toBeUndefined();
  });
});

let logs = 0;

function event(transaction: number, name: SaleEvent["name"], more: Partial<SaleEvent> = {}): SaleEvent {
  logs += 1;
  const hash: Hex = `0x${transaction.toString(16).padStart(64, "0")}`;
  const place = { block: BigInt(transaction), blockHash: hash, logIndex: logs, transaction: hash };
  const money = name === "EntityInitialized" || name === "BidPlaced" ? {} : { token: USDC, amount: 10n };
  return { name, entityId: ENTITY, wallet: WALLET, ...money, ...place, ...more };
}

const bid = (amount: bigint) => ({ bid: { price: 0n, lockup: false, amount } });

function entriesOf(events: readonly SaleEvent[], call?: ReturnCall) {
  return activityEntries(events, {
    timeOf: (hash) => Number(hash) * 1_000,
    callOf: () => call,
    tokenAt: (address) => ({ address, symbol: "USDC", decimals: 6 }),
  });
}

const kinds = (events: readonly SaleEvent[], call?: ReturnCall) => entriesOf(events, call).map(({ kind }) => kind);

describe("entries", () => {
  it("are the newest first, whatever the order of the events, and each once", () => {
    const events = [
      event(1, "EntityInitialized"),
      event(1, "CommitmentIncreased"),
      event(1, "BidPlaced", bid(10n)),
      event(2, "CommitmentIncreased"),
      event(2, "BidPlaced", bid(20n)),
    ];
    const shuffled = [...events.toReversed(), ...events];
    expect(entriesOf(shuffled).map(({ kind, at, bid }) => [kind, at, bid?.total])).toEqual([
      ["addition", 2_000, 20n],
      ["commitment", 1_000, 10n],
    ]);
  });

  it("pair each bid of a transaction with its own increase, whichever the contract logs first", () => {
    const entries = entriesOf([
      event(1, "EntityInitialized"),
      event(1, "BidPlaced", bid(10n)),
      event(1, "CommitmentIncreased", { amount: 10n }),
      event(1, "BidPlaced", bid(15n)),
      event(1, "CommitmentIncreased", { amount: 5n }),
      event(1, "BidPlaced", bid(15n)),
    ]);
    expect(entries.map(({ kind, amount, bid }) => [kind, amount, bid?.total]).toSorted()).toEqual(
      [
        ["commitment", 10n, 10n],
        ["addition", 5n, 15n],
        ["bid-change", 0n, 15n],
      ].toSorted(),
    );
  });

  it("do not take one entity's first commitment in a transaction for the other's", () => {
    const other = { entityId: OTHER };
    const events = [
      event(1, "EntityInitialized", other),
      event(1, "CommitmentIncreased", other),
      event(1, "BidPlaced", { ...other, ...bid(10n) }),
      event(1, "CommitmentIncreased"),
      event(1, "BidPlaced", bid(10n)),
    ];
    const found = entriesOf(events).map(({ kind, entityId }) => `${kind} ${entityId}`);
    expect(found.toSorted()).toEqual([`addition ${ENTITY}`, `commitment ${OTHER}`]);
  });

  it("say who paid money back only where that is known", () => {
    const returned = [event(1, "CommitmentReduced")];
    const refunded = [event(1, "WalletRefunded")];
    expect(kinds(returned, "cancelBid")).toEqual(["cancellation"]);
    expect(kinds(returned, "reduceCommitment")).toEqual(["reduction"]);
    expect(kinds(returned, "forceReduceCommitment")).toEqual(["take-down"]);
    expect(kinds(returned)).toEqual(["return"]);
    expect(kinds(refunded, "claimRefund")).toEqual(["refund-claimed"]);
    expect(kinds(refunded, "processRefunds")).toEqual(["refund-sent"]);
    expect(kinds(refunded)).toEqual(["refund"]);
  });
});
