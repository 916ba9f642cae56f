import "server-only";
import { IncomingMessage, ServerResponse, STATUS_CODES } from "node:http";
import { isIP } from "node:net";
import { Duplex } from "node:stream";
import { limitChunks } from "@/lib/http/arrival-limits";
import type { AppServer } from "@/lib/http/http-servers";
import { isOfFile, limitHeaders } from "@/lib/http/request-headers";

/** An answer that is given before Next sees the request. */
interface EarlyAnswer {
  status: number;
  /** For a person who reads it in a terminal or a browser. */
  text: string;
  headers?: Readonly<Record<string, string>>;
}

/** The request line and the Host header. */
export type RequestHead = Pick<IncomingMessage, "method" | "url"> & { host?: string };

/** Those that a route handler or a page can answer. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Those that a file can answer. */
const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** The page that Next shows when all else fails is an address too, which answers 500 and asks caches to keep that for a year. */
const ERROR_PAGE = /^\/_global-error(?:[?#]|$)/;

/** Next neither sees these requests nor adds its headers, so that they carry all that a page's answer does. The address may hold a code. */
const HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/plain; charset=utf-8",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-store",
  "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
  // What is left of the request's body is not read.
  Connection: "close",
};

/** The address with single slashes only. */
function withSingleSlashes(url: string): string {
  return url.replace(/^[^?]*/, (path) => path.replace(/[\\/]+/g, "/"));
}

/** The most parameters of a query. Next reads queries in quadratic time: 8,000 parameters, which fit into the headers' 16 kB, hold a process for three seconds. */
const MOST_PARAMETERS = 64;

function countParameters(url: string): number {
  return url.replace(/^[^?]*/, "").split("&").length;
}

/** A part of the path that is `.` or `..`, also in the form that the URL standard reads as such. Browsers have resolved these before they ask. */
const DOTS = /^[^?]*\/(?:\.|%2e){1,2}(?:[/?]|$)/i;

/** True if a path has a percent sign that begins no character. Next throws at it below dynamic routes, before any code of this app runs. */
function isUndecodable(url: string): boolean {
  try {
    decodeURIComponent(url.replace(/\?.*/s, ""));
    return false;
  } catch {
    return true;
  }
}

function refuseMethod(method: string, url: string): EarlyAnswer | undefined {
  const [allowed, advice] = isOfFile(url) ? [READING, "Use GET."] : [METHODS, "Use GET or POST."];
  if (allowed.has(method)) return undefined;
  const Allow = [...allowed].join(", ");
  return { status: 405, text: `This method is not supported here. ${advice}`, headers: { Allow } };
}

/**
 * The answer to a request that Next would get wrong; undefined if it may see the request. It makes an error 500 of methods that the fetch
 * standard forbids (TRACE), of those that a file cannot answer and of `OPTIONS *`, answers unknown methods with a page, redirects to the host of
 * an absolute address, and removes double slashes by a redirect without any header, which may repeat a callback's code and state.
 */
export function earlyAnswer({ method = "", url = "" }: RequestHead): EarlyAnswer | undefined {
  const refused = refuseMethod(method, url);
  if (refused) return refused;
  if (ERROR_PAGE.test(url)) return { status: 404, text: "There is no page at this address." };
  if (countParameters(url) > MOST_PARAMETERS)
    return { status: 414, text: "The address has too many parameters. Send fewer of them." };
  if (!/^[\\/]/.test(url)) return { status: 400, text: "The address must begin with a slash. Send only its path." };
  const Location = withSingleSlashes(url);
  // Next resolves them, and what it then serves is another path than the one that a proxy in front has judged.
  if (DOTS.test(Location))
    return { status: 400, text: 'The address must not have "." or ".." as a part. Send the path that it leads to.' };
  if (isUndecodable(url))
    return { status: 400, text: "The address has a percent sign that stands for no character. Write it as %25." };
  return /^[^?]*(\\|\/\/)/.test(url)
    ? { status: 308, text: `Moved to ${Location.replace(/\?.*/s, "")}`, headers: { Location } }
    : undefined;
}

function hostNameOf(host: string): string | undefined {
  const url = `http://${host}`;
  return !/[@/?#]/.test(host) && URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : undefined;
}

/**
 * Refuses what is addressed to a name that is not this development server's. Any site can let its own name lead to this machine (DNS rebinding);
 * a browser then takes this server's pages and Next's tools (restart, open an editor) for that site's own, and gives it all their answers. An
 * address of digits is nobody's name. `names`: those that the developer has set.
 */
export function refuseForeignHost({ host }: RequestHead, names: readonly string[]): EarlyAnswer | undefined {
  const name = host === undefined ? undefined : hostNameOf(host);
  const isOwn = host === undefined || (name !== undefined && (isIP(name) > 0 || names.includes(name)));
  if (isOwn || name === "localhost" || name?.endsWith(".localhost")) return undefined;
  return {
    status: 403,
    text: "This development server does not answer to the name in the address. Open it at localhost, or set APP_URL or DEV_HOSTNAME to that name and restart it.",
  };
}

function headLines({ status, headers }: EarlyAnswer): string {
  const lines = Object.entries({ ...HEADERS, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n`;
}

/** Time for a client to close its side of a connection that has been answered (milliseconds). */
const LINGER_MS = 2_000;

/**
 * Ends a bare connection with its last words. No time limit of the server applies to it, so that a client that never closes its side, or sends
 * something more that nobody reads, would hold it for as long as the process lives.
 */
function endConnection(connection: Duplex, words: string): void {
  connection.on("error", () => undefined);
  const timer = setTimeout(() => connection.destroy(), LINGER_MS);
  connection.once("close", () => clearTimeout(timer));
  connection.resume();
  connection.end(words);
}

/** For "upgrade" and "connect", Node gives the bare connection in the place of a response. */
function give(answer: EarlyAnswer, target: unknown): void {
  const text = `${answer.text}\n`;
  if (target instanceof ServerResponse) target.writeHead(answer.status, { ...HEADERS, ...answer.headers }).end(text);
  else if (target instanceof Duplex) endConnection(target, headLines(answer) + text);
}

/** Connections with a request that has no whole answer yet. */
type Busy = WeakSet<Duplex>;

/**
 * True for a request that was sent before the answer to the one before it (pipelining). No browser and no proxy does that. Node holds such
 * answers back, and if the connection breaks, neither they nor the files that they are made of are ever released.
 */
function isPipelined(busy: Busy, request: unknown, response: unknown): boolean {
  if (!(request instanceof IncomingMessage) || !(response instanceof ServerResponse)) return false;
  const { socket } = request;
  if (busy.has(socket)) return true;
  busy.add(socket);
  for (const event of ["finish", "close"]) response.once(event, () => busy.delete(socket));
  return false;
}

function limitRequest(request: IncomingMessage): void {
  limitHeaders(request);
  limitChunks(request);
}

/** Node's events for a request that has arrived, whatever becomes of it. */
const REQUEST_EVENTS: ReadonlySet<string> = new Set(["request", "checkContinue", "upgrade", "connect"]);

function headOf(request: unknown): RequestHead | undefined {
  if (typeof request !== "object" || request === null || !("headers" in request)) return undefined;
  const { method, url, headers } = request as IncomingMessage;
  return { method, url, host: headers.host };
}

/**
 * Puts `decide` before every listener of a server, and closes connections on which requests are pipelined. It replaces the server's `emit`, because a listener can neither come before the one of
 * Next nor keep an event from it.
 */
export function guardServer(server: AppServer, decide: (head: RequestHead) => EarlyAnswer | undefined): void {
  const emit = server.emit.bind(server);
  const busy: Busy = new WeakSet();
  server.emit = (event: string, ...rest: unknown[]) => {
    if (isPipelined(busy, rest[0], rest[1])) {
      if (rest[0] instanceof IncomingMessage) rest[0].socket.destroy();
      return true;
    }
    const head = REQUEST_EVENTS.has(event) ? headOf(rest[0]) : undefined;
    const answer = head && decide(head);
    if (!answer) {
      if (rest[0] instanceof IncomingMessage) limitRequest(rest[0]);
      return emit(event, ...rest);
    }
    give(answer, rest[1]);
    return true;
  };
  // Without a listener, Node closes the connection of a CONNECT without an answer.
  server.on("connect", () => undefined);
}

/**
 * Makes a server without WebSockets answer requests for one like any other (RFC 9110 section 7.8). Next listens for them in production too, and
 * never ends a connection whose address no page has: no time limit applies to it any more.
 */
export function ignoreUpgrades(server: AppServer): void {
  server.removeAllListeners("upgrade");
}
