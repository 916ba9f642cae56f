import "server-only";
import { environmentCheck, type Env, type EnvProblem } from "@/lib/env";
import { getDatabase } from "@/lib/stores/database";
import { isMigrated, migrate } from "@/lib/stores/migrate";

function report(problems: readonly EnvProblem[]): void {
  const lines = problems.map(({ variable, problem }) => `  ${variable} ${problem}`);
  console.error(
    `The configuration has ${problems.length} problem(s); .env.example explains every variable.\n${lines.join("\n")}`,
  );
}

/** A file is migrated by the one app that uses it; a Postgres, before several do, by `npm run db:migrate`. */
async function prepareDatabase(): Promise<void> {
  const { engine, kysely } = await getDatabase();
  if (engine === "sqlite") await migrate(kysely);
  else if (!(await isMigrated(kysely)))
    throw new Error("The database lacks migrations: run `npm run db:migrate` first.");
}

async function startSandbox(env: Env, sandbox: NonNullable<Env["sandbox"]>): Promise<void> {
  const { startSandbox: start } = await import("@/sandbox/start");
  await start({ port: sandbox.port, redirectUris: [env.sonar.redirectUri], dataFolder: ".data" });
}

/**
 * Runs once when a server process starts. In production, anything that is wrong is printed and ends the process (an error thrown here
 * would leave it up, answering 500); in development a page shows configuration problems.
 */
export async function startUp(): Promise<void> {
  const check = environmentCheck();
  try {
    if (!check.ok) return stop(() => report(check.problems));
    await prepareDatabase();
    if (check.env.sandbox) await startSandbox(check.env, check.env.sandbox);
  } catch (error) {
    stop(() => console.error(error instanceof Error ? error.message : error));
  }
}

function stop(explain: () => void): void {
  explain();
  if (process.env.NODE_ENV === "production") process.exit(1);
}
