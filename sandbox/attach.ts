import { SANDBOX_CLIENT_UUID } from "./constants";
import { isJsonObject } from "./http/json-body";

const PATIENCE_MS = 3000;

/** Registers redirect URIs with the sandbox at `origin`. Throws if what answers there is not this sandbox. */
export async function attachToSandbox(origin: string, redirectUris: readonly string[]): Promise<void> {
  if (!(await isSandbox(origin))) {
    throw new Error(`${origin} is taken by something that is not this sandbox. Stop it, or set SANDBOX_PORT.`);
  }
  const response = await fetch(`${origin}/sandbox/redirect-uris`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ redirectUris }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok)
    throw new Error(`The sandbox at ${origin} does not take these redirect URIs: ${await response.text()}`);
}

async function isSandbox(origin: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${origin}/sandbox/health`, { redirect: "error", cache: "no-store", signal });
    const health: unknown = await response.json();
    return isJsonObject(health) && health["sandbox"] === "sonar" && health["clientId"] === SANDBOX_CLIENT_UUID;
  } catch {
    return false;
  }
}
