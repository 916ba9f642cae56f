import { chmodSync, cpSync, lstatSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { appUrl, type AppProcess } from "@/tests/support/app-process";
import { startServerProcess, untilReady } from "@/tests/support/server-process";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const LAUNCHER = resolve("tests/support/without-override.mjs");
const NEXT = "node_modules/next/dist/bin/next";
const BUILT = [".next", "public", "package.json", "next.config.ts"];

/** The production build, alone in a folder that cannot be written to: what a serverless host makes of it. */
export interface ReadOnlyDeployment {
  folder: string;
  /** Every file and folder in it, with the time of its last change. */
  listing(): string[];
  /** Runs a script there with the app's rights. */
  run(script: string): Promise<{ exitCode: number | null; output: string }>;
  start(port: number, env: Readonly<Record<string, string>>): Promise<AppProcess>;
  remove(): void;
}

function listing(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  // What the link to node_modules leads to is not the deployment's own.
  return ["", ...entries].map((name) => `${name} ${lstatSync(join(folder, name)).mtimeMs}`).sort();
}

function setWritable(folder: string, writable: boolean): void {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isSymbolicLink());
  for (const entry of entries) {
    const mode = (entry.isDirectory() ? 0o555 : 0o444) | (writable ? 0o200 : 0);
    chmodSync(join(entry.parentPath, entry.name), mode);
  }
  chmodSync(folder, writable ? 0o755 : 0o555);
}

/** Copies the production build into a folder that it then makes read-only. */
export function makeReadOnlyDeployment(): ReadOnlyDeployment {
  const { path: folder, remove } = temporaryFolder();
  for (const name of BUILT) cpSync(name, join(folder, name), { recursive: true, verbatimSymlinks: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  setWritable(folder, false);
  return {
    folder,
    listing: () => listing(folder),
    async run(script) {
      const program = startServerProcess({ args: [LAUNCHER, "-e", script], env: {}, cwd: folder });
      return { exitCode: await program.exitCode, output: program.logs() };
    },
    async start(port, env) {
      const args = [LAUNCHER, NEXT, "start", "-p", String(port)];
      const own = { NEXT_TELEMETRY_DISABLED: "1", __NEXT_PROCESSED_ENV: "1", APP_URL: appUrl(port) };
      const app = { ...startServerProcess({ args, env: { ...own, ...env }, cwd: folder }), url: appUrl(port) };
      await untilReady(app, `${app.url}/api/health`);
      return app;
    },
    remove() {
      setWritable(folder, true);
      remove();
    },
  };
}
