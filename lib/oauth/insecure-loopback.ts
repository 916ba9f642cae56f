import "server-only";
import { allowInsecureRequests } from "oauth4webapi";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Lets oauth4webapi use http for this machine, where nobody can listen in; everywhere else it insists on https. */
export function insecureOnLoopback(url: string): { [allowInsecureRequests]: boolean } {
  return { [allowInsecureRequests]: LOOPBACK.has(new URL(url).hostname) };
}

/** Whether a browser or a secret may be sent to that address. */
export function isSecureOrLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.has(hostname));
}
