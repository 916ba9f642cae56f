import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { DatabaseWatch } from "@/lib/http/database-watch";
import { probeDatabase } from "@/lib/http/readiness";
import { openDatabase, type Database } from "@/lib/stores/database";
import { readSalePause } from "@/lib/stores/settings";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { compileOperatorCommands, type OperatorCommands } from "@/tests/support/app/operator-command";
import { migrateDatabase } from "@/tests/support/database/databases";
import { createDatabaseOn, startPostgres, type Postgres } from "@/tests/support/database/postgres";
import { openDoctorBench } from "@/tests/support/sandbox/doctor-bench";

/** Reads answer as ever, and no commit does: those of a server with synchronous replication wait for the standby that it has lost. */
const LOST = "nobody";

const bench = openDoctorBench();
let postgres: Postgres;
let url: string;
let database: Database;
let commands: OperatorCommands;

beforeAll(async () => {
  postgres = await startPostgres();
  url = await createDatabaseOn(postgres.url);
  await migrateDatabase(url);
  commands = await compileOperatorCommands();
}, 60_000);
afterAll(async () => {
  commands.remove();
  await postgres.stop();
});

async function expectStandby(name: string): Promise<void> {
  await sql`alter system set synchronous_standby_names = ${sql.lit(name)}`.execute(database.kysely);
  await sql`select pg_reload_conf()`.execute(database.kysely);
  await expect
    .poll(async () => (await sql`show synchronous_standby_names`.execute(database.kysely)).rows)
    .toEqual([{ synchronous_standby_names: name }]);
}

beforeEach(async () => {
  database = await openDatabase(url, { queryTimeoutMs: 2_000 });
  await expectStandby(LOST);
});
afterEach(async () => {
  await expectStandby("");
  await database.kysely.destroy();
});

it("pages are shown all the time, what has to be stored is soon held back, and both end with it", async () => {
  const watch = new DatabaseWatch((onRead) => probeDatabase(() => Promise.resolve(database), onRead), {
    now: () => performance.now(),
    trustedMs: 1_100,
    later: (run, ms) => void setTimeout(run, ms).unref(),
  });
  expect(await watch.ready()).toBe(false);
  const shown: boolean[] = [];
  const looks = setInterval(() => void watch.canRead().then((can) => shown.push(can)), 50);
  onTestFinished(() => clearInterval(looks));
  await expect.poll(() => watch.canStore(), { timeout: 8_000 }).toBe(false);
  // Longer than the time after which a database that is never read counts as lost.
  await expect.poll(() => shown.length, { timeout: 20_000 }).toBeGreaterThan(120);
  expect([...new Set(shown)]).toEqual([true]);
  expect(await watch.ready()).toBe(false);
  await expectStandby("");
  await expect.poll(() => watch.ready(), { timeout: 5_000 }).toBe(true);
  expect(await watch.canStore()).toBe(true);
}, 60_000);

it("npm run doctor finds it", async () => {
  const [fault, ...others] = await bench.faults({ DATABASE_URL: url }, { patienceMs: 2_000 });
  expect(others).toEqual([]);
  expect(fault).toContain("reached, and migrated, but a commit gets no answer");
});

it("npm run sale -- pause says that the answer is missing, and how to learn what holds", async () => {
  const env = { ...appEnvironment({ databaseUrl: url, sandboxPort: 9 }), APP_URL: "http://localhost:3000" };
  const { exitCode, output } = await commands.run("sale", ["pause"], env);
  expect([exitCode, output]).toEqual([1, expect.not.stringContaining("firewall")]);
  expect(output).toContain("this may have been done all the same");
  expect(output).toContain("`npm run sale -- status` says");
  // Postgres cannot undo a commit that waits.
  expect(await readSalePause(database)).toBeDefined();
  expect((await commands.run("sale", ["status"], env)).output).toContain("New commitments are paused since");
}, 60_000);
