import "server-only";
import { stringify } from "csv-stringify/sync";
import { formatUnits } from "viem/utils";
import type { ActivityEntry } from "@/lib/activity/entries";
import { activityWords, entityNameOf, type MoneyFlow, type NamedEntity } from "@/lib/activity/words";
import { parsePriceTick } from "@/lib/purchase/price";
import type { SaleChain } from "@/lib/sale/state";

/** Decimals of prices and their tick. */
const PRICE_DECIMALS = 18;

/**
 * A name comes from outside: no character of it may begin a line, or a formula in one. Unseen ones would hide the formula's sign from the escape
 * of formulas, and where commas are decimal marks, Excel takes a semicolon for the end of a cell.
 */
function oneLine(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/^[\p{Cf}\s]+/u, "")
    .replace(/;(?=[\p{Cf}\s]*[=+\-@＝＋－＠])/gu, ",")
    .trim();
}

function priceOf({ bid }: ActivityEntry, { priceTick }: SaleChain): string {
  const tick = priceTick === undefined ? undefined : parsePriceTick(priceTick);
  return bid && tick && bid.price > 0n ? formatUnits(bid.price * tick, PRICE_DECIMALS) : "";
}

/** The names of the columns; also the first line of a file without entries. */
const COLUMNS = [
  "Time (UTC)",
  "Type",
  "Entity",
  "Wallet",
  "Paid",
  "Received",
  "Accepted",
  "Token",
  "Token contract",
  "Entity's total (all tokens)",
  "Bid price",
  "Lockup",
  "Chain ID",
  "Sale contract",
  "Block",
  "Transaction",
] as const;

type Row = Record<(typeof COLUMNS)[number], string>;

interface FileContext {
  entities: readonly NamedEntity[];
  chain: SaleChain;
}

interface RowContext extends FileContext {
  /** True for an allocation that a later one replaced. */
  isReplaced: boolean;
}

/** The allocations that a later one of the same wallet and token replaced. The newest entry comes first. */
function replacedAllocations(entries: readonly ActivityEntry[]): ReadonlySet<ActivityEntry> {
  const latest = new Set<string>();
  const replaced = entries.filter(({ kind, entityId, wallet, token }) => {
    if (kind !== "allocation") return false;
    const key = [entityId, wallet, token?.address].join(" ").toLowerCase();
    return latest.size === latest.add(key).size;
  });
  return new Set(replaced);
}

/** Each column of money can be added up, so an allocation counts only until the next one replaces it. */
function rowOf(entry: ActivityEntry, { entities, chain, isReplaced }: RowContext): Row {
  const { amount, token, bid, wallet, at, block, transaction } = entry;
  const { title, flow } = activityWords(entry);
  const exact = (value: bigint) => (token ? formatUnits(value, token.decimals) : "");
  const inColumn = (column: MoneyFlow) => (flow === column ? exact(amount) : "");
  return {
    "Time (UTC)": new Date(at).toISOString().replace(".000Z", "Z"),
    Type: isReplaced ? `${title} (replaced)` : title,
    Entity: oneLine(entityNameOf(entry, entities)),
    Wallet: wallet,
    Paid: inColumn("paid"),
    Received: inColumn("received"),
    Accepted: isReplaced ? "" : inColumn("accepted"),
    Token: token ? oneLine(token.symbol) : "",
    "Token contract": token?.address ?? "",
    "Entity's total (all tokens)": bid ? exact(bid.total) : "",
    "Bid price": priceOf(entry, chain),
    Lockup: bid ? (bid.lockup ? "yes" : "no") : "",
    "Chain ID": String(chain.chainId),
    "Sale contract": chain.contract,
    Block: String(block),
    Transaction: transaction,
  };
}

/**
 * The entries as a file for a spreadsheet: RFC 4180, with a byte order mark, by which Excel knows that it is UTF-8. Names of entities and
 * symbols of tokens come from outside: one that a spreadsheet would take for a formula is marked as text.
 */
export function activityCsv(entries: readonly ActivityEntry[], context: FileContext): string {
  const replaced = replacedAllocations(entries);
  const rows = entries.map((entry) => rowOf(entry, { ...context, isReplaced: replaced.has(entry) }));
  return stringify(rows, {
    header: true,
    columns: [...COLUMNS],
    bom: true,
    record_delimiter: "windows",
    escape_formulas: true,
  });
}
