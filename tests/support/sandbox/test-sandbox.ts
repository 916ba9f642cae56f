import { symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { startChain } from "@/sandbox/chain/start";
import { startEcho } from "@/sandbox/echo/server";
import { startServerProcess, type ServerProcess } from "@/tests/support/app/app-process";
import { SandboxClient } from "@/tests/support/sandbox/sandbox-client";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** A sandbox that only one test uses. */
export interface TestSandbox {
  origin: string;
  port: number;
  control: SandboxClient;
  close(): Promise<void>;
}

/** Options of a test's sandbox. */
export interface TestSandboxOptions {
  /** Absent: a free port. */
  port?: number;
  redirectUris?: readonly string[];
  /** The file in which grants survive a restart; absent: grants are kept in memory. */
  dataFile?: string;
  /** Absent: without a chain. */
  chainRpcUrl?: string;
  /** Unix time in milliseconds. */
  now?: () => number;
}

/** Starts a sandbox without a chain in this process. An app that is told its port attaches to it instead of starting one. */
export async function startTestSandbox(options: TestSandboxOptions = {}): Promise<TestSandbox> {
  const { origin, close } = await startEcho({ port: 0, redirectUris: [], ...options });
  return { origin, port: Number(new URL(origin).port), control: new SandboxClient(origin), close };
}

/** A sandbox whose sale is on a chain of its own. */
export interface TestSandboxWithChain extends TestSandbox {
  /** For the app's RPC_URLS and PUBLIC_RPC_URLS. */
  rpcUrl: string;
}

/** Seconds between blocks. Without new blocks the chain's clock would stand still, and permits would be judged by an old time. */
const BLOCK_SECONDS = 2;

/** Starts a sandbox and a chain on a free port. */
export async function startTestSandboxWithChain(
  options: Omit<TestSandboxOptions, "chainRpcUrl"> = {},
): Promise<TestSandboxWithChain> {
  const chain = await startChain({ port: 0, blockSeconds: BLOCK_SECONDS });
  const sandbox = await startTestSandbox({ ...options, chainRpcUrl: chain.rpcUrl });
  const close = () => sandbox.close().then(chain.close);
  return { ...sandbox, rpcUrl: chain.rpcUrl, close };
}

/** `npm run sandbox` in a process and a folder of its own. */
export interface SandboxCommand extends ServerProcess {
  folder: string;
}

/** Runs `npm run sandbox` without waiting for it. */
export function runSandboxCommand(env: Readonly<Record<string, string>>): SandboxCommand {
  const folder = temporaryFolder();
  // The folder in which the chain's program is searched.
  symlinkSync(resolve("node_modules"), join(folder.path, "node_modules"));
  const loader = ["--conditions=react-server", "--import", resolve("node_modules/tsx/dist/loader.mjs")];
  const args = [...loader, resolve("scripts/sandbox.ts")];
  const command = startServerProcess({
    args,
    env: { ...env, TSX_TSCONFIG_PATH: resolve("tsconfig.json") },
    cwd: folder.path,
  });
  return { ...command, folder: folder.path, stop: () => command.stop().finally(folder.remove) };
}
