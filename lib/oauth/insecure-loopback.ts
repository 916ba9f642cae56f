import "server-only";
import { allowInsecureRequests } from "oauth4webapi";
import { isLoopback } from "@/lib/secure-url";

/** Lets oauth4webapi use http for this machine, where nobody can listen in; everywhere else it insists on https. */
export function insecureOnLoopback(url: string): { [allowInsecureRequests]: boolean } {
  return { [allowInsecureRequests]: isLoopback(url) };
}
