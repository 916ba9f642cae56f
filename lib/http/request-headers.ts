import "server-only";
import type { IncomingMessage } from "node:http";

/** True for an address of the build's files, which Next serves without this app's code. */
export function isOfFile(url: string): boolean {
  return url.startsWith("/_next/static/");
}

type Head = Pick<IncomingMessage, "url" | "headers">;

/**
 * Headers under which Next answers 500 in place of 412 or 416, without a line in the log. A server may send the whole file instead (RFC 9110
 * sections 13.1 and 14.2); whether it has changed (`If-None-Match`) is answered as ever.
 */
const CONDITIONS = ["range", "if-match", "if-unmodified-since"] as const;

function ignoreConditions({ url = "", headers }: Head): void {
  if (isOfFile(url)) for (const name of CONDITIONS) delete headers[name];
}

/** The header in which a browser tells which parts of a page it has; its levels are those of folders in `app/`. */
const ROUTER_TREE = "next-router-state-tree";

/** The most lists in such a tree; 1,300 levels take Next half a second. */
const MOST_LISTS = 64;

/** Without the header, Next sends the whole page. */
function ignoreDeepTree({ headers }: Head): void {
  const lists = String(headers[ROUTER_TREE] ?? "").match(/\[|%5b/gi);
  if (lists && lists.length > MOST_LISTS) delete headers[ROUTER_TREE];
}

/** The header by which the router asks for a page before it is opened: "1" for what a link shows at once. */
const PREFETCH = "next-router-prefetch";

/**
 * Other values ask for a page to be prepared in ways that this site does not use. Next then renders in a mode in which upstreams never answer, and
 * what all visitors share must not be read in it.
 */
function ignoreOddPrefetch({ headers }: Head): void {
  if (headers[PREFETCH] !== undefined && headers[PREFETCH] !== "1") delete headers[PREFETCH];
}

/** Browsers name themselves in some 200 characters; 15,500 take Next, which looks for the names of robots, up to a second. */
const LONGEST_NAME = 512;

function cutUserAgent({ headers }: Head): void {
  const name = headers["user-agent"];
  if (name !== undefined && name.length > LONGEST_NAME) headers["user-agent"] = name.slice(0, LONGEST_NAME);
}

/** As many as browsers keep of a site; 3,000 take Next more than a second. */
const MOST_COOKIES = 180;

/** Browsers send older cookies before those that a neighbouring site has added since (RFC 6265 section 5.4). */
function dropSurplusCookies({ headers }: Head): void {
  const cookies = headers.cookie?.split(";", MOST_COOKIES + 1);
  if (cookies && cookies.length > MOST_COOKIES) headers.cookie = cookies.slice(0, MOST_COOKIES).join(";");
}

/**
 * Takes from a request what Next answers wrongly, or reads in quadratic time: a client that sends a few such requests a second, each within the 16 kB
 * that headers may have, would keep everybody's pages waiting (issue 13).
 */
export function limitHeaders(request: Head): void {
  ignoreConditions(request);
  ignoreDeepTree(request);
  ignoreOddPrefetch(request);
  cutUserAgent(request);
  dropSurplusCookies(request);
}
