import { execFile } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { startServerProcess, type ServerProcess } from "@/tests/support/app/app-process";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** The commands of an operator, compiled as an image has them: they start much faster than by `npm run`. */
export interface OperatorCommands {
  /** It has a folder `commands` with a file for each, and no `.env` files of a developer. */
  folder: string;
  /** Starts `npm run NAME -- ARGS` without waiting for it. */
  start(name: string, args: readonly string[], env: Readonly<Record<string, string>>): ServerProcess;
  /** Runs it to its end. */
  run(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<{ exitCode: number | null; output: string }>;
  remove(): void;
}

/** Compiles them into a folder without `.env` files of a developer. */
export async function compileOperatorCommands(): Promise<OperatorCommands> {
  const { path, remove } = temporaryFolder();
  symlinkSync(resolve("node_modules"), join(path, "node_modules"));
  const args = ["--import", "tsx", "scripts/compile-commands.ts", join(path, "commands")];
  await promisify(execFile)(process.execPath, args);
  const start: OperatorCommands["start"] = (name, given, env) =>
    startServerProcess({ args: [`commands/${name}.mjs`, ...given], env, cwd: path });
  return {
    folder: path,
    start,
    async run(...call) {
      const command = start(...call);
      return { exitCode: await command.exitCode, output: command.logs() };
    },
    remove,
  };
}
