import { chmodSync, cpSync, existsSync, lstatSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { appUrl, startServerProcess, untilReady, type AppProcess } from "@/tests/support/app/app-process";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const LAUNCHER = fileURLToPath(new URL("./without-override.mjs", import.meta.url));
const NEXT = "node_modules/next/dist/bin/next";
const DEPLOYED = [".next", "public", "package.json", "next.config.ts"];

/** Files of building and developing, which no deployment has. */
const LEFT_OUT = [".next/cache", ".next/dev"];

/** A folder of a deployment in which nothing can be written. */
export interface ReadOnlyFolder {
  /** Every file and folder in it, with the time of its last change. */
  listing(): string[];
  /** Runs Node there with the app's rights. */
  run(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ exitCode: number | null; output: string }>;
  /** Starts a server there with the app's rights. */
  launch(args: readonly string[], port: number, env: Readonly<Record<string, string>>): AppProcess;
  /** Lets it be removed. */
  unlock(): void;
}

/** The production build alone in a read-only folder, as on a serverless host. */
export interface ReadOnlyDeployment extends Pick<ReadOnlyFolder, "listing" | "run"> {
  start(port: number, env: Readonly<Record<string, string>>): Promise<AppProcess>;
  remove(): void;
}

/** A folder and all that is in it. Links are not followed: their targets do not belong to the deployment and must not change. */
function everythingIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isSymbolicLink());
  const below = entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? everythingIn(path) : [path];
  });
  return [folder, ...below.flat()];
}

function listing(folder: string): string[] {
  return everythingIn(folder).map((path) => `${path} ${lstatSync(path).mtimeMs}`);
}

function setWritable(folder: string, writable: boolean): void {
  for (const path of everythingIn(folder)) {
    const mode = lstatSync(path).mode & 0o555;
    chmodSync(path, writable ? mode | 0o200 : mode);
  }
}

/** Makes a folder read-only, for root too. */
export function readOnlyFolder(folder: string): ReadOnlyFolder {
  setWritable(folder, false);
  return {
    listing: () => listing(folder),
    async run(args, env = {}) {
      const program = startServerProcess({ args: [LAUNCHER, ...args], env, cwd: folder });
      return { exitCode: await program.exitCode, output: program.logs() };
    },
    launch(args, port, env) {
      const own = { NEXT_TELEMETRY_DISABLED: "1", __NEXT_PROCESSED_ENV: "1", APP_URL: appUrl(port) };
      const server = startServerProcess({ args: [LAUNCHER, ...args], env: { ...own, ...env }, cwd: folder });
      return { ...server, url: appUrl(port) };
    },
    unlock: () => setWritable(folder, true),
  };
}

/** Copies the production build into a folder that it then makes read-only. */
export function makeReadOnlyDeployment(): ReadOnlyDeployment {
  const { path: folder, remove } = temporaryFolder();
  const filter = (path: string) => !LEFT_OUT.includes(path);
  for (const name of DEPLOYED.filter((one) => existsSync(one)))
    cpSync(name, join(folder, name), { recursive: true, verbatimSymlinks: true, filter });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const { unlock, launch, ...readOnly } = readOnlyFolder(folder);
  return {
    ...readOnly,
    async start(port, env) {
      const app = launch([NEXT, "start", "-p", String(port)], port, env);
      await untilReady(app, `${app.url}/api/health`);
      return app;
    },
    remove() {
      unlock();
      remove();
    },
  };
}
