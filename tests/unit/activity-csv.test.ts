import { parse } from "csv-parse/sync";
import { stringToHex } from "viem";
import { expect, it } from "vitest";
import { activityCsv } from "@/lib/activity/csv";
import type { ActivityEntry } from "@/lib/activity/entries";
import { totalSymbol } from "@/lib/activity/words";
import type { SaleChain } from "@/lib/sale/state";

const chain: SaleChain = {
  chainId: 8453,
  chainName: "Base",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  contract: "0x00000000000000000000000000000000000005a1",
  rpcUrls: [],
  sandboxWallet: false,
  priceTick: "0.0215",
};

const ENTITY = "0x0000000000000000000000000000e001";

const entry: ActivityEntry = {
  id: "0x01-1",
  kind: "addition",
  entityId: ENTITY,
  wallet: "0x52908400098527886E0F7030069857D2E4169EE7",
  amount: 1_234_567_890_123_456_789_012_345n,
  token: { address: "0x00000000000000000000000000000000000000dc", symbol: "DAI", decimals: 18 },
  bid: { price: 50_000n, lockup: true, total: 2n },
  at: Date.UTC(2026, 11, 20, 18, 0, 5),
  block: 123_456_789,
  transaction: `0x${"ab".repeat(32)}`,
};

/** As a spreadsheet reads it: another library than the one that wrote it. */
function read(file: string): Record<string, string>[] {
  return parse(file, { bom: true, columns: true });
}

function rowsWith(name: string, more: Partial<ActivityEntry> = {}) {
  return read(activityCsv([{ ...entry, ...more }], { entities: [{ id: ENTITY, name }], chain }));
}

it("a line has the exact amounts without separators, the time in ISO 8601, and every digit of addresses and hashes", () => {
  expect(rowsWith("Ada")).toEqual([
    {
      "Time (UTC)": "2026-12-20T18:00:05Z",
      Type: "Added",
      Entity: "Ada",
      Wallet: entry.wallet,
      Paid: "1234567.890123456789012345",
      Received: "",
      Accepted: "",
      Token: "DAI",
      "Token contract": entry.token?.address,
      "Entity's total (all tokens)": "0.000000000000000002",
      "Bid price": "1075",
      Lockup: "yes",
      "Chain ID": "8453",
      "Sale contract": chain.contract,
      Block: "123456789",
      Transaction: entry.transaction,
    },
  ]);
});

it("money that came back and money that was accepted have columns of their own", () => {
  const amounts = (kind: ActivityEntry["kind"]) => {
    const [row] = rowsWith("Ada", { kind, amount: 10n ** 18n });
    return [row?.["Paid"], row?.["Received"], row?.["Accepted"]];
  };
  expect(amounts("commitment")).toEqual(["1", "", ""]);
  expect(amounts("take-down")).toEqual(["", "1", ""]);
  expect(amounts("refund-claimed")).toEqual(["", "1", ""]);
  expect(amounts("allocation")).toEqual(["", "", "1"]);
});

it("every column of money can be added up: of several allocations, only the latest of a wallet and token is accepted", () => {
  const [own, other] = [entry.wallet, "0x8617E340B3D01FA5F11F306F4090FD50E238070D"] as const;
  const allocated = (amount: bigint, wallet: typeof own | typeof other, id: string): ActivityEntry => {
    const { bid: _bid, ...facts } = entry;
    return { ...facts, id, kind: "allocation", wallet, amount: amount * 10n ** 18n };
  };
  const entries = [allocated(60n, own, "3"), allocated(5n, other, "2"), allocated(40n, own, "1")];
  const rows = read(activityCsv(entries, { entities: [], chain }));
  expect(rows.map((row) => [row["Type"], row["Accepted"]])).toEqual([
    ["Allocated", "60"],
    ["Allocated", "5"],
    ["Allocated (replaced)", ""],
  ]);
});

it.each([
  '=HYPERLINK("http://evil.test","x")',
  "+1+1",
  "-2+3",
  "@SUM(A1)",
  "\t=1+1",
  "\r=1+1",
  "\n=1+1",
  "＝1+1",
  "\u200b=1",
  " \u202e@x",
])("an entity named %j is no formula, and breaks no line", (name) => {
  const [row, ...others] = rowsWith(name);
  expect(others).toEqual([]);
  expect(row?.["Entity"]).toMatch(/^'/);
  expect(row?.["Transaction"]).toBe(entry.transaction);
  const [token] = rowsWith("Ada", { token: { address: chain.contract, symbol: name, decimals: 0 } });
  expect(token?.["Token"]).toMatch(/^'/);
});

it.each(["Ada;=HYPERLINK(A1)", "Ada; \u200b+1", "Ada;;@x"])(
  "no part of the name %j is a formula where semicolons part cells",
  (name) => {
    expect(rowsWith(name)[0]?.["Entity"]).not.toMatch(/;[\p{Cf}\s]*[=+@]/u);
  },
);

it("names with commas, quotes and other scripts survive; Excel is told that the file is UTF-8, and lines end as RFC 4180 says", () => {
  const name = 'Müller, "Söhne" & 李';
  expect(rowsWith(name)[0]?.["Entity"]).toBe(name);
  const file = activityCsv([entry], { entities: [], chain });
  expect(file.startsWith("\ufeffTime (UTC),")).toBe(true);
  expect(file.split("\r\n")).toHaveLength(3);
  expect(read(file)[0]?.["Entity"]).toBe(ENTITY);
});

it("a file without entries names its columns", () => {
  expect(activityCsv([], { entities: [], chain }).trim().split(",")).toHaveLength(16);
});

it("the total of an entity that has paid with several tokens is named with all that it is in then", () => {
  const token = (symbol: string) => ({ symbol, decimals: 6, address: stringToHex(symbol, { size: 20 }) });
  const first: ActivityEntry = { ...entry, block: 1, token: token("USDC") };
  const second: ActivityEntry = { ...entry, block: 2, token: token("USDT") };
  const last: ActivityEntry = { ...entry, block: 4, token: token("USDT") };
  const all: ActivityEntry[] = [
    last,
    { ...first, block: 3, kind: "take-down" },
    { ...second, kind: "allocation", token: token("EURT") },
    second,
    first,
    { ...first, entityId: "0x02", token: token("EURC") },
  ];
  expect([first, second, last].map((one) => totalSymbol(one, all))).toEqual(["USDC", "USDC and USDT", "USDT"]);
});
