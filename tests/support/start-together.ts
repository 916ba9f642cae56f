import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

const PROGRAM = resolve("tests/support/migrating-process.ts");

interface Starter {
  child: ChildProcess;
  /** Exit code and what was written to stderr. */
  ended: Promise<{ code: number | null; errors: string }>;
}

function prepare(databaseUrl: string): Starter {
  const args = ["--import", "tsx", "--conditions=react-server", PROGRAM, databaseUrl];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, "close").then(([code]: unknown[]) => ({
    code: typeof code === "number" ? code : null,
    errors,
  }));
  return { child, ended };
}

/** Has several processes open and migrate a database at the same moment; returns what they failed with. */
export async function startTogether(databaseUrl: string, count: number): Promise<string[]> {
  const starters = Array.from({ length: count }, () => prepare(databaseUrl));
  await Promise.all(starters.map(({ child, ended }) => Promise.race([once(child, "message"), ended])));
  for (const { child } of starters) if (child.connected) child.send("go");
  const results = await Promise.all(starters.map(({ ended }) => ended));
  return results.filter(({ code }) => code !== 0).map(({ errors }) => errors);
}
