import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { ownSamples } from "@/lib/config/own-settings";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** A project's folder with `.env.example`, and with `.env` if given. */
export function project(env?: string): { path: string; env: () => string; files: () => string[] } {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  copyFileSync(".env.example", join(path, ".env.example"));
  if (env !== undefined) writeFileSync(join(path, ".env"), env);
  return { path, env: () => readFileSync(join(path, ".env"), "utf8"), files: () => readdirSync(path).sort() };
}

/** An address that nothing answers at, and that a live site may have: it is not written as this machine's own. */
const ELSEWHERE = "https://127.0.0.2:9";

/** Starts a command in a folder, such as `npm run setup`. Sonar's addresses lead nowhere, so that it asks no other machine. */
export function startScript(
  path: string,
  name: string,
  settings: Readonly<Record<string, string>> = {},
): { child: ChildProcess; output: () => string; code: Promise<unknown> } {
  const { PATH = "", HOME = "" } = process.env;
  const addresses = { SONAR_API_URL: ELSEWHERE, SONAR_FRONTEND_URL: ELSEWHERE };
  const env = { ...ownSamples, ...addresses, ...settings, PATH, HOME } as unknown as NodeJS.ProcessEnv;
  const tsx = resolve("node_modules/tsx/dist/cli.mjs");
  const args = [
    tsx,
    "--tsconfig",
    resolve("tsconfig.json"),
    "--conditions=react-server",
    resolve(`scripts/${name}.ts`),
  ];
  const child = spawn(process.execPath, args, { cwd: path, env });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = once(child, "close").then(([exitCode]: unknown[]) => exitCode);
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, output: () => output, code };
}
