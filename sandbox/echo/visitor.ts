import type { IncomingHttpHeaders } from "node:http";
import { hashSecret, randomSecret } from "../oauth/secrets";

/** A browser at a public demo. */
export interface Visitor {
  /** Part of the ids of its personas. Nobody can compute the cookie from it. */
  key: string;
  /** The `Set-Cookie` line that makes the browser known for a year. */
  cookie(pagesUrl: string): string;
}

const NAME = "demo-visitor";
const YEAR_SECONDS = 365 * 24 * 60 * 60;
const KEY_LENGTH = 32;

/** The browser that sent the cookie of an earlier visit; undefined without one in the right form. */
export function findVisitor({ cookie = "" }: IncomingHttpHeaders): Visitor | undefined {
  const secret = new RegExp(`(?:^|; )${NAME}=([A-Za-z0-9_-]{43})(?:;|$)`).exec(cookie)?.[1];
  return secret === undefined ? undefined : visitorOf(secret);
}

/** A browser without a cookie. Its secret cannot be guessed: whoever knows it plays the same personas. */
export function newVisitor(): Visitor {
  return visitorOf(randomSecret());
}

function visitorOf(secret: string): Visitor {
  const cookie = (pagesUrl: string) => {
    const { protocol, pathname } = new URL(pagesUrl);
    const attributes = [`Path=${pathname}`, `Max-Age=${YEAR_SECONDS}`, "HttpOnly", "SameSite=Lax"];
    return [`${NAME}=${secret}`, ...attributes, ...(protocol === "https:" ? ["Secure"] : [])].join("; ");
  };
  return { key: hashSecret(secret).slice(0, KEY_LENGTH), cookie };
}
