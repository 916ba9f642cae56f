import type { ChainError } from "@/lib/purchase/errors/chain-error";

/** EIP-1193, WalletConnect (5000 to 5003), and a Ledger's two status words, 0x6985 and 0x5501. */
const CODES: readonly number[] = [4001, 5000, 5001, 5002, 5003, 0x6985, 0x5501];

const NOUN =
  "(?:request|transaction|tx|sign|signing|signature|message|operation|action|approval|session|proposal|connection|confirmation|authori[sz]ation|prompt|wallet)";
const REFUSED = "(?:reject(?:ed|ion)?|declined?|den(?:y|ied)|cancel(?:l?ed)?|refused?|dismissed|disapproved)";
const START = "^\\W*(?:\\w*error\\W+)?(?:(?:the|your|this) )?";

/** Words that name the user, or that only a wallet's own window or device uses. */
const PHRASES: readonly RegExp[] = [
  /\b(?:user|you) ?(?:has |have )?(?:reject|den(?:y|ied|ial)|declin|cancel|refus|abort|clos|dismiss|disapprov|exit|interrupt)/i,
  /\buser (?:inter)?action (?:was |is )?(?:reject|den|declin|cancel|refus|dismiss)/i,
  // A user who lacks something, or whom a wallet does not know, has declined nothing.
  /\buser (?:(?:did not|didn't|does not|doesn't) (?:want to )?|chose not to )(?:approve|confirm|sign|accept|agree|allow|grant|authori[sz]e|consent|proceed|continue)\b/i,
  /(?:reject|declin|deni|cancel|refus|abort|clos|dismiss)\w* (?:by|from) (?:the |your )?(?:wallet )?(?:user|you\b|owner|customer|device)/i,
  /(?:reject|declin|deni|cancel|refus|dismiss)\w* (?:by|in|from) (?:the |your )?wallet\W*$/i,
  /(?:reject|declin|deni|cancel|refus)\w* ?on ?(?:the |your )?(?:device|ledger|trezor)/i,
  /\baction ?(?:rejected|cancell?ed|denied|refused)/i,
  /\b0x(?:6985|5501)\b|conditions? of use not satisfied/i,
  /(?:popup|modal|window|prompt|dialog)(?: window)? ?(?:was |is |has been )?(?:closed|dismissed|cancell?ed)/i,
  /method (?:interrupted|cancel|permissionsnotgranted)|permissions not granted/i,
  /connection request reset/i,
  /not (?:confirmed|approved|signed|accepted) by (?:the )?user/i,
  new RegExp(`${START}(?:${NOUN} ){1,2}(?:was |is |has been )?not (?:confirmed|approved|signed)\\W*$`, "i"),
  /(?:用户|用戶|使用者|ユーザー).{0,6}(?:取消|拒|キャンセル)|^[\s\p{P}]*(?:已?取消|已?拒[绝絕]|キャンセル)[\s\p{P}]*$/u,
  /(?:пользовател|usuario|usuário|utilisateur|benutzer|nutzer)[^\n]{0,20}(?:откл|отмен|rechaz|rejeit|cancel|annul|refus|rejet|abgelehnt|abgebrochen)/iu,
  /(?:откл|отмен|rechaz|rejeit|cancel|annul|refus|rejet|abgelehnt|abgebrochen)[^\n]{0,20}(?:пользовател|usuario|usuário|utilisateur|benutzer|nutzer)/iu,
  // Alone, without a reason or somebody else who refused: "Cancelled.", "Transaction was rejected", "Error: denied".
  new RegExp(`${START}(?:${NOUN} ){0,2}(?:(?:was|has been|is) )?${REFUSED}\\W*$`, "i"),
  // "Rejected request", "denied transaction signature", "declined to sign".
  new RegExp(`${START}${REFUSED} (?:to (?:sign|confirm|approve)|(?:the )?${NOUN}(?: ${NOUN})?)\\W*$`, "i"),
];

/** Nodes refuse too, and sometimes in the same words. */
const NOT_THE_USER =
  /\bby (?:the )?(?:node|network|rpc|mempool|sequencer|server|provider|chain|contract|bundler)|connection (?:was )?refused|refused (?:the )?connection/i;

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
  if ([...error.names].some((name) => /^user ?(?:reject|refus|den|cancel|declin)|byuser|usercancel/i.test(name)))
    return true;
  const said = walletPhrases(error).filter(saysSo);
  return error.codes.has(NODE_REFUSED) ? said.some((phrase) => /user/i.test(phrase)) : said.length > 0;
}
