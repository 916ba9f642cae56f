"use server";

import { connectAccount, disconnectAccount } from "@/lib/account";
import { callConnected, readConnections, type Connection } from "@/lib/connections";
import { guarded } from "@/lib/http/guarded";
import type { Result } from "@/lib/result";

/** The providers beside Sonar: which are connected, and which are not set up. */
export async function listConnections(): Promise<Result<Connection[]>> {
  return guarded("listConnections", readConnections);
}

/** Begins connecting; returns where to send the browser. Its URL carries the state. The page's own buttons post a form instead. */
export async function getConnectionUrl(provider: string, returnTo?: string): Promise<Result<{ url: string }>> {
  return guarded("getConnectionUrl", () => connectAccount(provider, returnTo));
}

/** Makes one call of a connected provider, e.g. `{ provider: "oncehub", call: "listBookings", input: { limit: 10 } }`. */
export async function callConnection(request: {
  provider: string;
  call: string;
  input: unknown;
}): Promise<Result<unknown>> {
  return guarded("callConnection", () => callConnected(request));
}

/** Forgets a connection, and has the provider forget it where it can. */
export async function disconnectConnection(provider: string): Promise<Result<void>> {
  return guarded("disconnectConnection", () => disconnectAccount(provider));
}
