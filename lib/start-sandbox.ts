import "server-only";
import type { Env } from "@/lib/config/env";
import { sandboxInteractOrigin, sandboxOnceHubOrigin, sandboxRakomiAccountsOrigin } from "@/lib/config/sandbox";
import { requireProvider } from "@/lib/providers/registry";

/** Undefined if users are sent elsewhere: then the stand-in is not needed, and its port may be taken. */
function redirectUrisAt(env: Env, id: string, origin: string): readonly string[] | undefined {
  const found = requireProvider(env, id);
  if (!found.ok || !found.data.authorizeOrigins.includes(origin)) return undefined;
  return [found.data.provider.redirectUri];
}

/**
 * Starts the sandbox, or attaches to one that runs already. This is the only place where the app imports `sandbox/`;
 * `npm run remove-sandbox` replaces this file.
 */
export async function startSandbox(env: Env, { port, chainRpcUrl }: NonNullable<Env["sandbox"]>): Promise<void> {
  const sandbox = await import("@/sandbox/start");
  await sandbox.startSandbox({
    port,
    redirectUris: [env.sonar.redirectUri],
    dataFolder: ".data",
    chain: chainRpcUrl === undefined ? { blockSeconds: sandbox.BLOCK_SECONDS } : { rpcUrl: chainRpcUrl },
    providers: {
      oncehub: redirectUrisAt(env, "oncehub", sandboxOnceHubOrigin(port)),
      interact: redirectUrisAt(env, "interact", sandboxInteractOrigin(port)),
      rakomi: redirectUrisAt(env, "rakomi", sandboxRakomiAccountsOrigin(port)),
    },
  });
}
