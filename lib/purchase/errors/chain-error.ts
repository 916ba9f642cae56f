/** The facts in an error that a wallet, a node or viem threw. */
export interface ChainError {
  /** Class names (of viem and wagmi) of the error and all its causes. */
  names: ReadonlySet<string>;
  /** EIP-1193 and JSON-RPC codes of the error and all its causes. */
  codes: ReadonlySet<number>;
  /** Text of nodes and wallets, to recognise phrases in. Never shown, because it contains addresses and calldata. */
  text: string;
  /** Whatever may be revert data. */
  revertData: readonly string[];
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
  return {
    names: new Set(links.flatMap((link) => textsOf(link, ["name"]))),
    codes: new Set(links.flatMap(({ code }) => (typeof code === "number" ? [code] : []))),
    text: typeof error === "string" ? error : links.flatMap(phrasesOf).join("\n"),
    revertData: links.flatMap((link) => textsOf(link, ["raw", "data"])).filter((text) => /0x[0-9a-f]{8}/i.test(text)),
  };
}
