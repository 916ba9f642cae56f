import "server-only";
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { requestLog } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";

const ALGORITHM = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

interface Key {
  id: string;
  bytes: Buffer;
}

/**
 * Seals secrets for the database (AES-256-GCM). The context, e.g. "tokens|sonar|user", is authenticated with the text:
 * a row copied to another user or provider does not open.
 */
export interface Sealer {
  /** The beginnings of texts that this sealer can open: one prefix for each key. */
  readonly prefixes: readonly string[];
  /** True if this sealer has the key of a sealed text. If it has and the text does not open, the text was changed or belongs elsewhere. */
  knows(sealed: string): boolean;
  seal(plain: string, context: string): string;
  /** `null` if the key is gone, or the text was changed or belongs elsewhere. */
  open(sealed: string, context: string): string | null;
}

/** The id identifies the key that sealed a text, and reveals nothing about the key. */
function keyFrom(base64: string): Key {
  const bytes = Buffer.from(base64, "base64");
  return { id: createHash("sha256").update(bytes).digest("base64url").slice(0, 8), bytes };
}

function sealWith(key: Key, plain: string, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key.bytes, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${prefixOf(key)}${iv.toString("base64url")}.${body.toString("base64url")}`;
}

function prefixOf({ id }: Key): string {
  return `v1.${id}.`;
}

/** The id of the key that sealed a text, even if this process does not have that key. Undefined if the text has another form. */
export function keyIdOf(sealed: string): string | undefined {
  return /^v1\.([\w-]{8})\./.exec(sealed)?.[1];
}

function openWith(key: Key, iv: Buffer, body: Buffer, context: string): string | null {
  const decipher = createDecipheriv(ALGORITHM, key.bytes, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(body.subarray(-TAG_BYTES));
  try {
    return decipher.update(body.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  } catch {
    return null;
  }
}

/** A sealer over a list of 32-byte base64 keys: the first seals, all open, so keys can be rotated without signing anybody out. */
export function createSealer(keys: readonly string[]): Sealer {
  const [current, ...older] = keys.map(keyFrom);
  if (!current) throw new Error("A sealer needs at least one key");
  const all = [current, ...older];
  const prefixes = all.map(prefixOf);
  return {
    prefixes,
    knows: (sealed) => prefixes.some((prefix) => sealed.startsWith(prefix)),
    seal: (plain, context) => sealWith(current, plain, context),
    open(sealed, context) {
      const [version, id, iv, body] = sealed.split(".");
      const key = all.find((candidate) => candidate.id === id);
      if (version !== "v1" || !key || !iv || !body) return null;
      const [start, bytes] = [Buffer.from(iv, "base64url"), Buffer.from(body, "base64url")];
      const isWhole = start.length === IV_BYTES && bytes.length >= TAG_BYTES;
      return isWhole ? openWith(key, start, bytes, context) : null;
    },
  };
}

/** SHA-256 in base64url. States and session ids are stored in this form, so that a reader of the table cannot use them. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/**
 * Tells the operator that a row is sealed under a key that this process does not have. It logs each key once, because every request of
 * every affected user would report the same, and nothing of the sealed text but the key's id.
 */
export function reportUnknownKey(sealed: string): void {
  const keyId = keyIdOf(sealed);
  const reported = processGlobal("unknown-keys", () => new Set<string | undefined>());
  if (reported.has(keyId)) return;
  reported.add(keyId);
  requestLog("-").error("seal.unknown-key", { keyId });
}
