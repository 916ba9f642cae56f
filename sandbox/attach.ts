import { SANDBOX_CLIENT_UUID, SANDBOX_DEFAULT_TOKENS, type SandboxToken } from "../lib/config/sandbox";
import { isJsonObject } from "./http/request";

const TIMEOUT_MS = 3000;

/** The facts that a process passes to a sandbox which already runs. */
export interface Attachment {
  redirectUris: readonly string[];
  /** The node of the sale's chain; used by a sandbox that has no chain yet. */
  chainRpcUrl?: string;
}

/** Registers redirect URIs and chain with the sandbox at `origin`. Throws if another program answers there. */
export async function attachToSandbox(origin: string, { redirectUris, chainRpcUrl }: Attachment): Promise<void> {
  await attachToService(origin, { sandbox: "sonar", clientId: SANDBOX_CLIENT_UUID }, redirectUris);
  if (chainRpcUrl !== undefined) await put(origin, "chain/rpc-url", { rpcUrl: chainRpcUrl });
}

/** The chain of a sandbox that runs already: its settings may be others than this process's. */
export interface ChainFacts {
  rpcUrl: string;
  chainId: number;
  paymentTokens: readonly SandboxToken[];
}

/** The chain that the sandbox at `origin` uses; undefined if it has none, or none that answers. */
export async function readChainFacts(origin: string): Promise<ChainFacts | undefined> {
  const response = await fetch(`${origin}/sandbox/chain`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const state: unknown = response.ok ? await response.json() : undefined;
  if (!isJsonObject(state)) return undefined;
  const { rpcUrl, chainId, paymentTokens } = state;
  if (typeof rpcUrl !== "string" || typeof chainId !== "number" || !Array.isArray(paymentTokens)) return undefined;
  return {
    rpcUrl,
    chainId,
    paymentTokens: SANDBOX_DEFAULT_TOKENS.filter((token) => paymentTokens.includes(token)).sort(
      (a, b) => paymentTokens.indexOf(a) - paymentTokens.indexOf(b),
    ),
  };
}

/** The identity that a service of the sandbox reports. */
export interface ServiceIdentity {
  sandbox: string;
  clientId: string;
}

/** Registers redirect URIs with one service of the sandbox. Throws if another program answers at `origin`. */
export async function attachToService(
  origin: string,
  service: ServiceIdentity,
  redirectUris: readonly string[],
): Promise<void> {
  if (!(await isService(origin, service))) {
    throw new Error(`${origin} is used by a program that is not this sandbox. Stop it, or set SANDBOX_PORT.`);
  }
  await put(origin, "redirect-uris", { redirectUris });
}

async function put(origin: string, control: string, body: object): Promise<void> {
  const response = await fetch(`${origin}/sandbox/${control}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`The sandbox at ${origin} rejects the ${control}: ${await response.text()}`);
}

/** True if this service answers at `origin`. */
export async function isService(origin: string, { sandbox, clientId }: ServiceIdentity): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${origin}/sandbox/health`, { redirect: "error", cache: "no-store", signal });
    const health: unknown = await response.json();
    return isJsonObject(health) && health["sandbox"] === sandbox && health["clientId"] === clientId;
  } catch {
    return false;
  }
}
