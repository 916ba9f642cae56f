import type { ChainError } from "@/lib/purchase/errors/chain-error";

/** EIP-1193, WalletConnect (5000 to 5003), and a Ledger's two status words, 0x6985 and 0x5501. */
const CODES: readonly number[] = [4001, 5000, 5001, 5002, 5003, 0x6985, 0x5501];

const NOUN =
  "(?:request|transaction|tx|sign|signing|signature|message|operation|action|approval|session|proposal|connection)";
const REFUSED = "(?:reject(?:ed)?|declined?|den(?:y|ied)|cancel(?:l?ed)?|refused?|dismissed|disapproved)";

/** Words that name the user, or that only a wallet's own window or device uses. */
const PHRASES: readonly RegExp[] = [
  /\buser ?(?:has |have )?(?:reject|den(?:y|ied)|declin|cancel|refus|abort|clos|dismiss|disapprov|exit|interrupt)/i,
  /\buser (?:did not|didn't|does not|doesn't) \w/i,
  /(?:reject|declin|deni|cancel|refus|abort|clos|dismiss)\w* (?:by|from) (?:the |your )?(?:user|owner|customer|device)/i,
  /(?:reject|declin|deni|cancel|refus)\w* ?on ?(?:the |your )?(?:device|ledger|trezor)/i,
  /\baction ?(?:rejected|cancell?ed|denied|refused)/i,
  /\b0x(?:6985|5501)\b|conditions? of use not satisfied/i,
  /popup closed|method (?:interrupted|cancel|permissionsnotgranted)|permissions not granted/i,
  /connection request reset/i,
  /not (?:confirmed|approved|signed|accepted)(?: by (?:the )?user)?\W*$/i,
  // Alone, without a reason or somebody else who refused: "Cancelled.", "Transaction was rejected", "Error: denied".
  new RegExp(
    `^\\W*(?:\\w*error\\W+)?(?:(?:the|your|this) )?(?:${NOUN} ){0,2}(?:(?:was|has been|is) )?${REFUSED}\\W*$`,
    "i",
  ),
];

/** Nodes refuse too, and sometimes in the same words. */
const NOT_THE_USER = /\bby (?:the )?(?:node|network|rpc|mempool|sequencer|server|provider|chain|contract)/i;

/** Classes of this page's own requests to a node, which no user refuses. */
const OWN_REQUESTS: readonly string[] = [
  "HttpRequestError",
  "RpcRequestError",
  "WebSocketRequestError",
  "TimeoutError",
];

/** The node's own -32003, "transaction rejected" (EIP-1474). */
const NODE_REFUSED = -32003;

/** The texts of an error that can be a wallet's own: not the answer to a request of this page to its node, and not a contract's. */
export function walletPhrases({ names, phrases, revertData }: ChainError): readonly string[] {
  if (OWN_REQUESTS.some((name) => names.has(name)) || revertData.length > 0) return [];
  return phrases.filter((phrase) => !/revert/i.test(phrase));
}

function saysSo(phrase: string): boolean {
  // Codes in words are written "USER_REJECTED", "#Tx_canceled", "user-cancelled".
  const words = phrase.replace(/[_#-]+/g, " ").trim();
  return !NOT_THE_USER.test(words) && PHRASES.some((pattern) => pattern.test(words));
}

/**
 * True if a user declined in the wallet. There is a standard for it (EIP-1193, code 4001), and many wallets and devices that do not follow
 * it; a rejection that is not recognised would be called an unexpected error, or be followed by a second request.
 */
export function isUserRejection(error: ChainError): boolean {
  if (CODES.some((code) => error.codes.has(code))) return true;
  if ([...error.names].some((name) => /^user ?(?:reject|refus|den|cancel|declin)/i.test(name))) return true;
  return !error.codes.has(NODE_REFUSED) && walletPhrases(error).some(saysSo);
}
