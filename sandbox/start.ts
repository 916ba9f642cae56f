import { join } from "node:path";
import { attachToSandbox } from "./attach";
import { sandboxEchoOrigin } from "./constants";
import { startEcho } from "./echo/server";

/** How to run the sandbox. */
export interface SandboxOptions {
  /** The first port; see constants.ts. 0 takes any free one. */
  port: number;
  redirectUris: readonly string[];
  /** Folder for what survives a restart; absent: in memory only. */
  dataFolder?: string;
}

/** A sandbox that answers, in this process or in another. */
export interface RunningSandbox {
  echoOrigin: string;
  /** True if another process runs it; `close` then leaves it alone. */
  attached: boolean;
  close(): Promise<void>;
}

/**
 * Starts the sandbox in this process, or attaches to the one that already answers on that port and registers the
 * redirect URIs there. Throws when something else has the port. Binding comes first and asking second, so that of two
 * processes that start at once exactly one runs it.
 */
export async function startSandbox({ port, redirectUris, dataFolder }: SandboxOptions): Promise<RunningSandbox> {
  try {
    const dataFile = dataFolder === undefined ? undefined : join(dataFolder, `sandbox-echo-${port}.json`);
    const echo = await startEcho({ port, redirectUris, ...(dataFile !== undefined && { dataFile }) });
    return { echoOrigin: echo.origin, attached: false, close: echo.close };
  } catch (error) {
    if (!isAddressInUse(error)) throw error;
  }
  const echoOrigin = sandboxEchoOrigin(port);
  await attachToSandbox(echoOrigin, redirectUris);
  return { echoOrigin, attached: true, close: () => Promise.resolve() };
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
