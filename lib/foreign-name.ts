import { shortenAddress } from "@/lib/sale/hex";

/**
 * Characters that show nothing, but can turn the direction of the text around them, so that a name would change the sentence that it stands in
 * (Unicode Technical Report 36, section 2.4). The two joiners stay: some scripts and emoji need them.
 */
const UNSEEN = /(?![\s\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u034f\u115f\u1160\u3164\uffa0]/gu;

const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Letters that are read from right to left. They alone reorder the figures and stops that follow them. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** U+2068 and U+2069: what is between them has a direction of its own (UAX 9). */
function isolated(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

/** The longest name that is shown, in characters. */
const LONGEST = 40;

function cut(name: string, longest: number): string {
  const characters = Array.from(name);
  return characters.length <= longest ? name : `${characters.slice(0, longest).join("").trimEnd()}…`;
}

/**
 * A name that a stranger has chosen, a wallet or the contract of a token say, in the form in which it may stand in a sentence of this site:
 * on one line, cut after `longest` characters, and unable to turn the text beside it. `fallback`: what is said where nothing of it can be seen.
 */
export function foreignName(name: string, fallback: string, longest = LONGEST): string {
  const shown = name.replace(UNSEEN, "").replace(/\s+/g, " ").trim();
  return SEEN.test(shown) ? isolated(cut(shown, longest)) : fallback;
}

/** The longest symbol of a token that is shown, in characters: it stands beside every amount. */
const LONGEST_SYMBOL = 12;

/** The symbol that the contract of a token gives itself, as it is shown; without one that can be seen, the contract's address. */
export function tokenSymbol(symbol: string, address: string): string {
  return foreignName(symbol, shortenAddress(address), LONGEST_SYMBOL);
}

/**
 * Tokens of one symbol with their addresses in it, as "USDC (0x7F5c76…5a1607)": on some chains a sale takes a native and a bridged token of the
 * same name, and nobody could choose between them, or tell which one was paid. Others keep theirs.
 */
export function withDistinctSymbols<Token extends { symbol: string; address: string }>(
  tokens: readonly Token[],
): Token[] {
  const isShared = ({ symbol }: Token) => tokens.filter((token) => token.symbol === symbol).length > 1;
  return tokens.map((token) =>
    isShared(token) ? { ...token, symbol: `${token.symbol} (${shortenAddress(token.address)})` } : token,
  );
}
