import { decodeErrorResult, parseAbi } from "viem/utils";
import { saleAbi } from "@/lib/sale/abi";

/** Solidity's two built-in errors: `require` with a text, and failed assertions or invalid array accesses. */
const SOLIDITY_ERRORS = parseAbi(["error Error(string message)", "error Panic(uint256 code)"]);

const REVERT_ABI = [...saleAbi, ...SOLIDITY_ERRORS] as const;

function decode(data: `0x${string}`) {
  return decodeErrorResult({ abi: REVERT_ABI, data });
}

/** A revert of the sale or a token, by name and with typed arguments. */
export type DecodedRevert = ReturnType<typeof decode>;

/** The name of every error that the sale contract and its tokens define. */
export type ContractErrorName = Exclude<DecodedRevert["errorName"], "Error" | "Panic">;

/** Decodes revert data; undefined if no known error matches. Some nodes put a word before the hex. */
export function decodeRevert(data: string): DecodedRevert | undefined {
  const digits = /0x((?:[0-9a-f]{2}){4,})$/i.exec(data)?.[1];
  if (digits === undefined) return undefined;
  try {
    return decode(`0x${digits}`);
  } catch {
    return undefined;
  }
}

/** The facts in an error that a wallet, a node or viem threw. */
export interface ChainError {
  /** Class names (of viem and wagmi) of the error and all its causes. */
  names: ReadonlySet<string>;
  /** EIP-1193 and JSON-RPC codes of the error and all its causes. */
  codes: ReadonlySet<number>;
  /** Text of nodes and wallets, to recognise phrases in. Never shown, because it contains addresses and calldata. */
  text: string;
  /** The contract's error, if one was found. */
  revert?: DecodedRevert;
  /** True if there was revert data, known or not. */
  hasRevertData: boolean;
}

/** Wallets nest the node's error under several names. `transaction` is left out, since its `data` is calldata. */
const NESTED = ["cause", "error", "data", "originalError"] as const;

/** A limit against circular or endless chains in an error that a wallet throws. */
const MAX_LINKS = 30;

type Link = Readonly<Record<string, unknown>>;

function isLink(value: unknown): value is Link {
  return typeof value === "object" && value !== null;
}

function linksOf(error: unknown): Link[] {
  const links: Link[] = [];
  const waiting: unknown[] = [error];
  while (waiting.length > 0 && links.length < MAX_LINKS) {
    const next = waiting.shift();
    if (!isLink(next) || links.includes(next)) continue;
    links.push(next);
    waiting.push(...NESTED.map((name) => next[name]));
  }
  return links;
}

function textsOf(link: Link, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = link[name];
    return typeof value === "string" ? [value] : [];
  });
}

/** viem's `message` repeats the call's arguments and the node's address, so its parts are used if there are any. */
function phrasesOf(link: Link): string[] {
  const parts = textsOf(link, ["shortMessage", "details", "reason"]);
  return [...(parts.length > 0 ? parts : textsOf(link, ["message"])), ...textsOf(link, ["code"])];
}

/** Reads an error by its fields, not its class: wallets throw plain objects, and two copies of viem have different classes. */
export function readChainError(error: unknown): ChainError {
  const links = linksOf(error);
  const data = links.flatMap((link) => textsOf(link, ["raw", "data"])).filter((text) => /0x[0-9a-f]{8}/i.test(text));
  const revert = data.map(decodeRevert).find((decoded) => decoded !== undefined);
  return {
    names: new Set(links.flatMap((link) => textsOf(link, ["name"]))),
    codes: new Set(links.flatMap(({ code }) => (typeof code === "number" ? [code] : []))),
    text: typeof error === "string" ? error : links.flatMap(phrasesOf).join("\n"),
    revert,
    hasRevertData: data.length > 0,
  };
}
