import "server-only";

/** The facts of a request by which a fault is judged, as Next reports them. */
export interface FaultyRequest {
  method: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A fault in a client's request that Next reports as an error. Anybody can cause these, so that they must not raise an alarm. */
export type RequestFault = "request.aborted" | "request.malformed" | "action.unknown" | "action.cross-site";

/** Next says the same of an unknown action that a form names; a page of another site is told by its origin. */
function isCrossSite({ headers }: FaultyRequest): boolean {
  const { origin, host, "x-forwarded-host": forwarded = host } = headers;
  if (typeof origin !== "string") return false;
  return !URL.canParse(origin) || new URL(origin).host !== String(forwarded).split(",")[0]?.trim();
}

/** A call that Next has refused by itself. Its sentences are not logged: they quote the request. */
function actionFault({ message }: Error, request: FaultyRequest | undefined): RequestFault | undefined {
  if (/^Failed to find Server Action|^The Server Reference ID did not match/.test(message)) return "action.unknown";
  if (!/^Invalid Server Actions request/.test(message)) return undefined;
  return request && isCrossSite(request) ? "action.cross-site" : "action.unknown";
}

/** The client has closed the connection while its body was read. */
function isAborted(error: Error): boolean {
  if (error.name === "ResponseAborted") return true;
  return error.message === "aborted" && "code" in error && error.code === "ECONNRESET";
}

/**
 * True if Next has thrown the error, or code of Node that Next had called: its frame is the innermost of those that are not Node's. The callers
 * say less, because the bundler puts some of Next's code into the same files as this site's.
 */
function isThrownByNext({ stack = "", message }: Error): boolean {
  const frames = stack.replace(message, "").match(/^\s+at \S.*$/gm) ?? [];
  const thrower = frames.find((frame) => !/\bnode:|<anonymous>|\(index \d+\)$/.test(frame));
  return thrower === undefined || /[\\/]next[\\/]dist[\\/]/.test(thrower);
}

/** Next reads a request's body as the arguments of an action under these conditions, and throws what its parsers throw. */
function mayBeAction({ method, headers }: FaultyRequest): boolean {
  const type = String(headers["content-type"] ?? "");
  return (
    method === "POST" &&
    (headers["next-action"] !== undefined || /^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(type))
  );
}

/** An address or a header that cannot be read. A system error, such as a file that is missing, has a code of its own. */
function isUnreadable(error: Error): boolean {
  const code = "code" in error ? error.code : undefined;
  return code === "ERR_INVALID_URL" || (code === undefined && /^(URIError|DecodeError)$/.test(error.name));
}

/**
 * Parts of Next that are compiled together with this site's own code throw these, for TRACE, for a header of the router that is none of its, and for
 * one that asks for a page to be prepared in a way that this site does not use (`Next-Router-Prefetch: 2`): no page of it is rendered beforehand.
 */
const OF_ODD_REQUESTS =
  /^'\w+' HTTP method is unsupported|\brouter state headers? |encountered the unstable value .* while prerendering/i;

/**
 * The fault of the client that caused an error, or undefined for a fault of this site. While Next reads a body as an action's arguments, whatever
 * it throws is the client's fault; a bug in a page shows without such a body too. `request` is absent where Next does not tell it.
 */
export function requestFault(error: Error, request?: FaultyRequest): RequestFault | undefined {
  if (isAborted(error)) return "request.aborted";
  const refused = actionFault(error, request);
  if (refused) return refused;
  if (OF_ODD_REQUESTS.test(error.message)) return "request.malformed";
  if (!isThrownByNext(error)) return undefined;
  const readsBody = request !== undefined && mayBeAction(request) && !("code" in error);
  return readsBody || isUnreadable(error) ? "request.malformed" : undefined;
}
