import "server-only";
import { emulatedProviders } from "@/lib/emulated-providers";
import { environmentCheck, type Env } from "@/lib/env";
import { envReport } from "@/lib/env-report";
import { releaseAbortStacks } from "@/lib/release-abort-stacks";
import { getDatabase } from "@/lib/stores/database";
import { isMigrated, migrate } from "@/lib/stores/migrate";

/** A file is migrated by the one app that uses it; a Postgres, before several do, by `npm run db:migrate`. */
async function prepareDatabase(): Promise<void> {
  const { engine, kysely } = await getDatabase();
  if (engine === "sqlite") await migrate(kysely);
  else if (!(await isMigrated(kysely)))
    throw new Error("The database lacks migrations: run `npm run db:migrate` first.");
}

/** Seconds between the blocks of a chain on which nobody does anything: permits and phases go by the latest one's time. */
const BLOCK_SECONDS = 12;

async function startSandbox(env: Env, { port, chainRpcUrl }: NonNullable<Env["sandbox"]>): Promise<void> {
  const { startSandbox: start } = await import("@/sandbox/start");
  const chain = chainRpcUrl === undefined ? { blockSeconds: BLOCK_SECONDS } : { rpcUrl: chainRpcUrl };
  const providers = emulatedProviders(env, port);
  await start({ port, redirectUris: [env.sonar.redirectUri], dataFolder: ".data", chain, providers });
}

/**
 * Runs once when a server process starts. In production, anything that is wrong is printed and ends the process (an error thrown here
 * would leave it up, answering 500); in development a page shows configuration problems.
 */
export async function startUp(): Promise<void> {
  releaseAbortStacks();
  const check = environmentCheck();
  try {
    if (!check.ok) return stop(envReport(check.problems));
    await prepareDatabase();
    if (check.env.sandbox) await startSandbox(check.env, check.env.sandbox);
  } catch (error) {
    stop(error instanceof Error ? error.message : String(error));
  }
}

function stop(explanation: string): void {
  process.stderr.write(`${explanation}\n`);
  if (process.env.NODE_ENV === "production") process.exit(1);
}
