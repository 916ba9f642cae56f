import "server-only";
import type { Env } from "@/lib/config/env";
import { ignoredReport } from "@/lib/config/env-rules";
import { registeredStandIns, requireProvider } from "@/lib/providers/registry";
import { openPublicDemo } from "@/lib/public-demo";

type SandboxSettings = NonNullable<Env["sandbox"]>;

/** The stand-ins that users are sent to. Any other is not needed, and its port may be taken. */
function usedStandIns(env: Env, sandboxPort: number) {
  return registeredStandIns(sandboxPort).flatMap(({ id, port, origin, pagesOrigin }) => {
    const found = requireProvider(env, id);
    if (!found.ok || !found.data.authorizeOrigins.some((one) => one === origin || one === pagesOrigin)) return [];
    return [{ id, port, redirectUris: [found.data.provider.redirectUri] }];
  });
}

/** A demo that could not be reset would show the commitments of strangers for good. The process ends, and the next one starts anew. */
function endAfterFailedReset(error: unknown): void {
  process.stderr.write(`The demo could not be reset: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

async function startDemo(
  env: Env,
  chain: Pick<SandboxSettings, "port" | "chainId" | "paymentTokens">,
  demo: NonNullable<SandboxSettings["demo"]>,
): Promise<void> {
  const { startDemo: start } = await import("@/sandbox/demo/start");
  const running = await start({
    ...chain,
    redirectUri: env.sonar.redirectUri,
    publicUrl: demo.url,
    resetMinutes: demo.resetMinutes,
    onFailure: endAfterFailedReset,
  });
  openPublicDemo(running);
}

/**
 * Starts the sandbox, or attaches to one that runs already; with SANDBOX_DEMO=1, a public demo. This is the only place where the app imports
 * `sandbox/`; `npm run remove-sandbox` replaces this file.
 */
export async function startSandbox(env: Env, settings: SandboxSettings): Promise<void> {
  const { port, chainId, paymentTokens, hosts, chainRpcUrl, demo, ignored } = settings;
  if (ignored.length > 0) process.stderr.write(`${ignoredReport(ignored)}\n`);
  if (demo) return startDemo(env, { port, chainId, paymentTokens }, demo);
  const sandbox = await import("@/sandbox/start");
  await sandbox.startSandbox({
    port,
    chainId,
    paymentTokens,
    hosts,
    redirectUris: [env.sonar.redirectUri],
    dataFolder: ".data",
    chain: chainRpcUrl === undefined ? { blockSeconds: sandbox.BLOCK_SECONDS } : { rpcUrl: chainRpcUrl },
    providers: usedStandIns(env, port),
  });
}
