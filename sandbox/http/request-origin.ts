import type { IncomingHttpHeaders } from "node:http";

/**
 * True if the Host header names this machine's loopback at our port. A page on a foreign domain that points its DNS at
 * 127.0.0.1 (DNS rebinding) is same-origin to itself, so no other header gives it away.
 */
export function isLoopbackHost(headers: IncomingHttpHeaders, port: number): boolean {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(headers.host ?? "");
}

/**
 * True if a browser says that a page of another origin made this request. Programs send neither header and pass.
 * `same-site` is refused too: to a browser every port of 127.0.0.1 is the same site.
 */
export function isFromForeignPage(headers: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  return headers.origin !== undefined && headers.origin !== `http://${headers.host}`;
}
