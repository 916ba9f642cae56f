import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { ApiError } from "./answer";

/** Facts that a handler may add to its line in the request log. None is a secret. */
export interface RequestNotes {
  persona?: string;
  entity?: string;
  wallet?: string;
  /** The first 6 characters of the token's SHA-256: enough to tell two tokens apart. */
  token?: string;
  /** The `grant_type` of a request to a token endpoint. */
  grantType?: string;
  fault?: string;
}

/** An HTTP request with its body read. */
export interface SandboxRequest {
  method: string;
  path: string;
  /** The values of the `:name` segments in the route's path. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
  notes: RequestNotes;
}

/** A JSON object from outside whose fields are not checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The request's JSON object. Throws ApiError: 415 for another content type, 400 for anything but an object. */
export function jsonBody(request: SandboxRequest): JsonObject {
  requireContentType(request, "application/json");
  const value = parseJson(request.body);
  if (value === undefined) throw new ApiError("invalid_argument", "request body is not JSON");
  if (!isJsonObject(value)) throw new ApiError("invalid_argument", "request body must be a JSON object");
  return value;
}

/** True for a JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Throws ApiError 415 unless the media type is exactly this one; parameters such as `charset` are allowed. */
function requireContentType(request: SandboxRequest, wanted: string): void {
  const mediaType = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (mediaType !== wanted) {
    throw new ApiError("invalid_argument", `content-type must be ${wanted}`, { status: 415 });
  }
}

/** The value of a JSON text; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The fields of a posted HTML form. Throws ApiError 415 for another content type. */
export function formBody(request: SandboxRequest): URLSearchParams {
  requireContentType(request, "application/x-www-form-urlencoded");
  return new URLSearchParams(request.body);
}

/** In bytes. Real requests to Echo are far smaller. */
const BODY_LIMIT = 64 * 1024;

/** Reads a body as UTF-8. Throws ApiError: 413 over the limit, 400 for bytes that are not UTF-8. */
export async function readBody(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    // Unread bytes would reset the connection before the client sees the 413, so the rest is read and dropped.
    if (size <= BODY_LIMIT) chunks.push(bytes);
  }
  if (size > BODY_LIMIT) {
    throw new ApiError("invalid_argument", `request body is over ${BODY_LIMIT} bytes`, { status: 413 });
  }
  return decodeUtf8(Buffer.concat(chunks));
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError("invalid_argument", "request body is not UTF-8");
  }
}

/** Path and query of a request target. A URL parser would silently normalise dots and doubled slashes. */
export function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const mark = target.indexOf("?");
  if (mark === -1) return { path: target, query: new URLSearchParams() };
  return { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) };
}

/**
 * True if the Host header names this machine's loopback address with our port, or one of the host names in the settings with any port. A
 * foreign domain whose DNS points to 127.0.0.1 (DNS rebinding) is same-origin to itself, so only this header reveals it.
 */
export function isOwnHost({ host = "" }: IncomingHttpHeaders, port: number, hosts: readonly string[]): boolean {
  if ([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host)) return true;
  return hosts.includes(host.replace(/:\d{1,5}$/, "").toLowerCase());
}

/**
 * True if a browser reports that a page of another origin made this request. Programs send neither header and pass.
 * `same-site` counts as foreign: to a browser, every port of 127.0.0.1 is the same site.
 */
export function isFromForeignPage(headers: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  // By https only where a proxy is in front.
  return (
    headers.origin !== undefined &&
    !["http", "https"].some((scheme) => headers.origin === `${scheme}://${headers.host}`)
  );
}
