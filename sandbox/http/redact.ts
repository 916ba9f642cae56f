import { isJsonObject, parseJson } from "./request";

const CUT = "(cut)";

/** The longest logged body, in characters. */
const LONGEST = 3_000;

/** The names of fields that hold secrets, in whatever service. */
const SECRET_NAME =
  /token|code|secret|verifier|challenge|signature|password|assertion|state|nonce|ticket|cookie|authorization/i;

/** Fields of such a name that hold a word: an error's code, a kind of token. */
const WORD_NAME = /^(code|token_type|code_challenge_method)$/i;

/** An address under the name of a token is that of its contract. */
const ADDRESS = /^0x[0-9a-f]{40}$/i;

function isHarmless(text: string, name: string): boolean {
  return ADDRESS.test(text) || (WORD_NAME.test(name) && /^[a-z_]{1,30}$|^S256$/.test(text));
}

/** Anything else that looks like a token, a code or a signature, wherever it stands. */
const SECRET_TEXT = /\beyJ[\w-]+\.[\w.-]+|(?<![\w-])(?!0x)[\w-]{40,}|0x[0-9a-f]{67,}/gi;

function redactText(text: string, name: string): string {
  if (SECRET_NAME.test(name) && !isHarmless(text, name)) return CUT;
  return text.replace(SECRET_TEXT, CUT);
}

function redactValue(value: unknown, name = ""): unknown {
  if (typeof value === "string") return redactText(value, name);
  if (Array.isArray(value)) return value.map((item: unknown) => redactValue(item, name));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactValue(item, key)]));
}

function redactForm(body: string): string {
  return [...new URLSearchParams(body)].map(([name, value]) => `${name}=${redactText(value, name)}`).join("&");
}

function redacted(body: string, contentType: string): string {
  if (contentType.includes("json")) {
    const value = parseJson(body);
    // What is not JSON could hold anything.
    return value === undefined
      ? `(${body.length} characters that are no JSON)`
      : JSON.stringify(redactValue(value), null, 1);
  }
  return contentType.includes("form-urlencoded")
    ? redactForm(body)
    : `(${body.length} characters of ${contentType || "an unknown type"})`;
}

/** A body as it may be logged: without secrets, and cut where it is long. Undefined for an empty one. */
export function loggedBody(body: string, contentType = ""): string | undefined {
  if (body === "") return undefined;
  const text = redacted(body, contentType.toLowerCase());
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}\n(${text.length - LONGEST} more characters)`;
}
