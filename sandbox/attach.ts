import { SANDBOX_CLIENT_UUID } from "../lib/config/sandbox";
import { isJsonObject } from "./http/request";

const TIMEOUT_MS = 3000;

/** What a sandbox that runs already is told by another process. */
export interface Attachment {
  redirectUris: readonly string[];
  /** Where the sale's chain is; heeded by a sandbox that knows none. */
  chainRpcUrl?: string;
}

/** Registers redirect URIs and chain with the sandbox at `origin`. Throws if what answers there is not this sandbox. */
export async function attachToSandbox(origin: string, { redirectUris, chainRpcUrl }: Attachment): Promise<void> {
  await attachToService(origin, { sandbox: "sonar", clientId: SANDBOX_CLIENT_UUID }, redirectUris);
  if (chainRpcUrl !== undefined) await put(origin, "chain/rpc-url", { rpcUrl: chainRpcUrl });
}

/** How one of the sandbox's services tells who it is. */
export interface ServiceIdentity {
  sandbox: string;
  clientId: string;
}

/** Registers redirect URIs with one of the sandbox's services. Throws if what answers at `origin` is not that service. */
export async function attachToService(
  origin: string,
  service: ServiceIdentity,
  redirectUris: readonly string[],
): Promise<void> {
  if (!(await isService(origin, service))) {
    throw new Error(`${origin} is taken by something that is not this sandbox. Stop it, or set SANDBOX_PORT.`);
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
  if (!response.ok) throw new Error(`The sandbox at ${origin} does not take the ${control}: ${await response.text()}`);
}

/** Whether it is that service that answers at `origin`. */
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
