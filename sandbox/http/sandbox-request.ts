import type { IncomingHttpHeaders } from "node:http";

/** What a handler may add to its line in the request log. Nothing here is a secret. */
export interface RequestNotes {
  persona?: string;
  entity?: string;
  wallet?: string;
  /** First 6 characters of the SHA-256 of the token that was presented: enough to tell two tokens apart. */
  token?: string;
  /** What was asked of a token endpoint. */
  grantType?: string;
  fault?: string;
}

/** An HTTP request with its body read. */
export interface SandboxRequest {
  method: string;
  path: string;
  /** Values of the `:name` segments of the route's path. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
  notes: RequestNotes;
}
