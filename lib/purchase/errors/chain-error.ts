import { parseJson } from "@/lib/http/parse-json";
import { fieldOf } from "@/lib/wallet/wallet-answers";

/** The facts in an error that a wallet, a node or viem threw. */
export interface ChainError {
  /** Class names (of viem and wagmi) of the error and all its causes. */
  names: ReadonlySet<string>;
  /** EIP-1193, JSON-RPC, HTTP and device codes of the error and all its causes, as numbers whichever way they were written. */
  codes: ReadonlySet<number>;
  /** Texts of nodes and wallets, to recognise phrases in. Never shown, because they contain addresses and calldata. */
  phrases: readonly string[];
  /** All phrases, one a line. */
  text: string;
  /** Whatever may be revert data. */
  revertData: readonly string[];
}

/** Wallets nest the node's error under several names. `transaction` is left out, since its `data` is calldata. */
const NESTED = ["cause", "error", "data", "originalError", "info", "innerError", "errors", "err", "inner"] as const;
/** Objects are also found under names that usually have text. */
const ALSO_NESTED = [
  "message",
  "reason",
  "details",
  "detail",
  "response",
  "body",
  "payload",
  "result",
  "exception",
] as const;
/** Text is also found under names of its own. viem's own errors have none of these. */
const ALSO_TEXT = ["detail", "description", "msg", "error_description", "type"] as const;
const CODES = ["code", "errorCode", "statusCode", "status"] as const;

/** A limit against circular or endless chains in an error that a wallet throws. */
const MAX_LINKS = 30;

type Link = object;

function isLink(value: unknown): value is Link {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The object in a text like `Internal JSON-RPC error. {"code":4001}`: some wallets pass errors on as text. */
function jsonIn(text: unknown): unknown {
  const json = typeof text === "string" && text.length < 10_000 ? /\{.*\}/s.exec(text)?.[0] : undefined;
  return json === undefined ? undefined : parseJson(json);
}

function nestedIn(link: Link): unknown[] {
  const own = [...NESTED, ...ALSO_NESTED].map((name) => fieldOf(link, name));
  return [...own, ...(Array.isArray(link) ? link : []), ...own.map(jsonIn)];
}

function linksOf(error: unknown): Link[] {
  const links: Link[] = [];
  const waiting: unknown[] = [error, jsonIn(error)];
  while (waiting.length > 0 && links.length < MAX_LINKS) {
    const next = waiting.shift();
    if (!isLink(next) || links.includes(next)) continue;
    links.push(next);
    waiting.push(...nestedIn(next));
  }
  return links;
}

function textsOf(link: Link, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const value = fieldOf(link, name);
    return typeof value === "string" && value !== "" ? [value] : [];
  });
}

function isHexData(text: string): boolean {
  return /0x[0-9a-f]{8}/i.test(text);
}

/** viem's `message` repeats the call's arguments and the node's address, so its parts are used if there are any. */
function phrasesOf(link: Link): string[] {
  const parts = textsOf(link, ["shortMessage", "details", "reason"]);
  const nested = textsOf(link, NESTED).filter((text) => !isHexData(text));
  const own = [...(parts.length > 0 ? parts : textsOf(link, ["message"])), ...textsOf(link, ALSO_TEXT)];
  return [...own, ...textsOf(link, CODES), ...nested];
}

/** The codes that a text consists of, or names as such. Another number in brackets may be an amount. */
function codesInText(text: string): number[] {
  const whole = /^\W*?(-?\d{3,6})\W*$/.exec(text)?.[1];
  const named = [...text.matchAll(/\bcode\b[^\w\n-]{0,4}(-?\d{3,6})\b/gi)].map(([, digits]) => digits);
  return [whole, ...named, /[([](4001)[)\]]/.exec(text)?.[1]].flatMap((digits) => (digits ? [Number(digits)] : []));
}

function codesOf(link: Link): number[] {
  return CODES.flatMap((name) => {
    const value = fieldOf(link, name);
    if (typeof value === "number" || typeof value === "bigint") return [Number(value)];
    const text = typeof value === "string" ? value.trim() : "";
    return /^(-?\d{1,6}|0x[0-9a-f]{1,4})$/i.test(text) ? [Number(text)] : [];
  });
}

/** Reads an error by its fields, not its class: wallets throw plain objects, and two copies of viem have different classes. */
export function readChainError(error: unknown): ChainError {
  const links = linksOf(error);
  const isBare = ["string", "number", "bigint"].includes(typeof error);
  const phrases = [...(isBare ? [String(error)] : []), ...links.flatMap(phrasesOf)];
  return {
    names: new Set(links.flatMap((link) => textsOf(link, ["name"]))),
    codes: new Set([...links.flatMap(codesOf), ...phrases.flatMap(codesInText)]),
    phrases,
    text: phrases.join("\n"),
    revertData: links.flatMap((link) => textsOf(link, ["raw", "data"])).filter(isHexData),
  };
}
