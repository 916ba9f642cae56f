import "server-only";
import { errorFields } from "@/lib/http/log";
import { isOfPooler } from "@/lib/stores/database-outage";

/** The part of a Postgres URL's query that makes pg check the server's certificate, name included. */
export const VERIFIED = "sslmode=verify-full";

/** The ways out where the certificate is of an authority that this machine does not know. */
export const PRIVATE_AUTHORITY =
  "for a private authority, also add sslrootcert=/path/to/its/certificate.pem; sslmode=no-verify encrypts without checking who answers";

const ESCAPE = "Special characters in user and password must be in percent form: # as %23, @ as %40, $ as %24.";

/** Remedies by the code of pg, of Postgres (SQLSTATE), of OpenSSL or of the system. */
const REMEDIES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there. Start the database, or correct host and port.",
  ENOTFOUND: "no machine has that name. Correct the host.",
  EAI_AGAIN: "that name cannot be resolved at the moment. Check the host, and this machine's network.",
  "28P01": `the user or password is refused. Correct them. ${ESCAPE}`,
  "28000": "the server refuses this user from this machine. Correct the user, or allow it in the server's pg_hba.conf.",
  "3D000": "there is no database of that name. Create it, or correct the name.",
  "42501": "the user lacks rights to the tables. Grant it those of the tables' owner.",
  "55P03":
    "another transaction holds a lock on its tables, such as that of a backup or a forgotten psql (see pg_stat_activity), so this was not done, or not to its end. End that transaction, or wait for it, and run this again.",
  "57014":
    "it takes too long for a statement, so this was not done, or not to its end. Look for locks and long queries in pg_stat_activity, and run this again.",
  "25006":
    "it takes no writes: it is a replica, or set to read-only. Name the server that takes writes, or end the read-only state, and run this again.",
  SQLITE_BUSY:
    "another process keeps the file locked, so this was not done, or not to its end. End that process, or wait for it, and run this again.",
  "53300": "the server has no connection left. Raise its limit, or use its pooler.",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is of another host. Use the host name that the certificate names.",
  CERT_HAS_EXPIRED: "its certificate has expired. Renew it at the server, or correct this machine's clock.",
  CERT_NOT_YET_VALID:
    "its certificate is not valid yet. Correct this machine's clock, or the certificate at the server.",
  ENOENT: "a file or socket that the URL names does not exist on this machine. Correct its path.",
  EACCES: "this user may not read a file or socket that the URL names. Correct its rights.",
  ERR_INVALID_URL: `it cannot be read as a URL. ${ESCAPE}`,
  ERR_OSSL_PEM_NO_START_LINE: "the file that sslrootcert names holds no certificate in PEM form. Correct its path.",
  ...Object.fromEntries(
    [
      "SELF_SIGNED_CERT_IN_CHAIN",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "UNABLE_TO_GET_ISSUER_CERT",
      // An authority of the right name with another key, after a rotation say.
      "CERT_SIGNATURE_FAILURE",
      "CERT_UNTRUSTED",
      "INVALID_CA",
    ].map((code) => [code, `its certificate is of an authority unknown to this machine: ${PRIVATE_AUTHORITY}.`]),
  ),
};

const NEEDS_TLS = `the server accepts encrypted connections only. Add ${VERIFIED} to the URL's query (${PRIVATE_AUTHORITY}).`;
/** Postgres appends "no encryption" to every refusal of its list, whether it would let the user in with encryption or not. */
const NOT_LISTED = `the server does not let this user in from this machine without encryption. Add ${VERIFIED} to the URL's query (${PRIVATE_AUTHORITY}), correct the user, or allow it in the server's pg_hba.conf.`;
const NO_TLS =
  "the server offers no encryption. Switch TLS on there, or remove sslmode if no network lies between the two.";

const OF_POOLER =
  "the pooler refuses or ended the connection: it has none left, or knows no such user or database. Correct those, or raise its limits.";

/** The remedy of a server that does not answer. */
export const TOO_SLOW = "it does not answer in time. Check host and port, and the firewall between.";

/**
 * pg's own words for a statement without an answer. The server's limits end a slow one with a code of its own, unless the transaction waits to be
 * committed, which Postgres does not limit and cannot undo.
 */
const NO_ANSWER =
  "it was reached, but gave no answer to a statement in time: this may have been done all the same, so look before you run it again. Commits wait for a standby that is gone (SyncRep in pg_stat_activity), or the network has lost the answer.";

/** The message serves to tell causes apart that share a code, and is not shown: it may quote the URL. */
function knownRemedy(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : "";
  if (/does not support SSL/i.test(message)) return NO_TLS;
  if (/pg_hba\.conf[^\n]*(no encryption|SSL off)/i.test(message)) return NOT_LISTED;
  if (/no encryption|SSL off|connection is insecure|SSL(\/TLS)? (is )?required/i.test(message)) return NEEDS_TLS;
  if (isOfPooler(error)) return OF_POOLER;
  // A server that answers says so by its code: its words for a lock are "canceling statement due to lock timeout".
  const known = REMEDIES[errorFields(error).errorCode ?? ""];
  if (known === undefined && /query read timeout/i.test(message)) return NO_ANSWER;
  return known ?? (/timeout/i.test(message) ? TOO_SLOW : undefined);
}

/** What is wrong with a Postgres that cannot be asked, and what to do about it. */
export function databaseRemedy(error: unknown): string {
  const { errorName, errorCode } = errorFields(error);
  return (
    knownRemedy(error) ?? `it cannot be used (${errorCode ?? errorName}). Check host, port and options of the URL.`
  );
}

/** The same for a terminal, with the variable that names the database. Any other error, of a migration say, keeps its own words. */
export function databaseProblem(variable: string, error: unknown): string {
  const remedy = knownRemedy(error);
  const { errorCode } = errorFields(error);
  if (remedy) return `${variable}: ${remedy}${errorCode === undefined ? "" : ` (${errorCode})`}`;
  return `${variable}: ${error instanceof Error ? error.message : String(error)}`;
}
