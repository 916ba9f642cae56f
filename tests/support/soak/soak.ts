import { setTimeout as sleep } from "node:timers/promises";
import { ownSamples } from "@/lib/config/own-settings";
import { SANDBOX_CLIENT_UUID, SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { openDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { createDatabaseOn, startPostgres } from "@/tests/support/database/postgres";
import { SandboxClient } from "@/tests/support/sandbox/sandbox-client";
import { randomChoice, seededRandom } from "@/tests/support/seeded-random";
import { Answers } from "@/tests/support/soak/answers";
import { startBalancer } from "@/tests/support/soak/balancer";
import { breakDatabase, type SoakDatabase } from "@/tests/support/soak/database-faults";
import { FaultLog, type FaultSpan } from "@/tests/support/soak/fault-log";
import { Fleet } from "@/tests/support/soak/fleet";
import { breakInstances } from "@/tests/support/soak/instance-faults";
import { checkLogs } from "@/tests/support/soak/log-check";
import { Machine } from "@/tests/support/soak/machine";
import type { SoakOptions, SoakResult } from "@/tests/support/soak/report";
import { startSlowProxy } from "@/tests/support/soak/slow-proxy";
import { readTables, seedEndedRows } from "@/tests/support/soak/tables";
import { startSoakUpstream, type SoakUpstream } from "@/tests/support/soak/upstream";
import { breakUpstream, UpstreamFaults } from "@/tests/support/soak/upstream-faults";
import { UpstreamRecord } from "@/tests/support/soak/upstream-record";
import { SoakUser } from "@/tests/support/soak/user";
import type { Site } from "@/tests/support/soak/visit";

/** Connections for four instances with their pools, for those who watch, and few to spare. */
const POSTGRES = { max_connections: "60" };

const SHORTEST_THINK_MS = 3_000;

/** Users finish in groups, so that the last look at each of them is not a test of speed. */
const AT_ONCE = 10;

/** Things to undo, the latest first. */
class Closing {
  private readonly steps: (() => Promise<unknown>)[] = [];

  add(step: () => Promise<unknown>): void {
    this.steps.unshift(step);
  }

  async run(): Promise<void> {
    for (const step of this.steps.splice(0)) await step();
  }
}

async function openPlace(closing: Closing): Promise<SoakDatabase> {
  const postgres = await startPostgres(undefined, POSTGRES);
  closing.add(() => postgres.stop());
  const url = await createDatabaseOn(postgres.url);
  const database = await openDatabase(url);
  await migrate(database.kysely);
  await seedEndedRows(database);
  await database.kysely.destroy();
  const proxy = await startSlowProxy(url);
  closing.add(() => proxy.close());
  return { postgres, url, proxy };
}

/** That of a site with Sonar credentials; each instance's SONAR_API_URL comes on top. */
function environment(upstream: SoakUpstream, database: SoakDatabase, appUrl: string): Record<string, string> {
  const { origin, port: sandboxPort, rpcUrl } = upstream;
  return {
    ...ownSamples,
    ...appEnvironment({ databaseUrl: database.proxy.url, sandboxPort, rpcUrl }),
    SANDBOX: "0",
    APP_URL: appUrl,
    SONAR_CLIENT_UUID: SANDBOX_CLIENT_UUID,
    SONAR_SALE_UUID: SANDBOX_SALE_UUID,
    SONAR_FRONTEND_URL: origin,
    SALE_CHAIN_ID: String(SANDBOX_DEFAULT_CHAIN_ID),
    SALE_CONTRACT_ADDRESS: SANDBOX_SALE,
    // Longer than the balancer needs to notice.
    SHUTDOWN_DRAIN_MS: "2000",
  };
}

interface Running {
  options: SoakOptions;
  site: Site;
  fleet: Fleet;
  faults: UpstreamFaults;
  log: FaultLog;
  machine: Machine;
  database: SoakDatabase;
}

async function breakEverything({ options, site, fleet, faults, log, database }: Running): Promise<void> {
  const { seed, users } = options;
  const overAt = performance.now() + options.seconds * 1_000;
  const isOver = () => performance.now() >= overAt;
  const names = userNames(users);
  const choose = seededRandom(seed + 4);
  const withdrawOne = () => site.record.withdraw(randomChoice(choose, names));
  await Promise.all([
    breakUpstream({ faults, log, random: seededRandom(seed + 1), withdrawOne, isOver }),
    breakDatabase({ database, log, random: seededRandom(seed + 2), isOver }),
    breakInstances({ fleet, log, random: seededRandom(seed + 3), isOver }),
    // The lanes stop before a fault that would begin too late.
    sleep(options.seconds * 1_000),
  ]);
  faults.quiet = true;
}

function userNames(count: number): [string, ...string[]] {
  const [first = "u000", ...others] = Array.from({ length: count }, (_, index) => `u${String(index).padStart(3, "0")}`);
  return [first, ...others];
}

async function finishAll(users: readonly SoakUser[]): Promise<void> {
  for (let at = 0; at < users.length; at += AT_ONCE) {
    await Promise.all(users.slice(at, at + AT_ONCE).map((user) => user.finish()));
  }
}

async function live(running: Running, over: { now: boolean }): Promise<SoakUser[]> {
  const { options, site } = running;
  const users = userNames(options.users).map(
    (name, index) => new SoakUser(name, index, site, seededRandom(options.seed * 1_000 + index)),
  );
  const lives = Promise.all(users.map((user) => user.live()));
  await Promise.race([breakEverything(running), lives]);
  // Until every token has been renewed without faults.
  await sleep(options.tokenSeconds * 1_500);
  over.now = true;
  await lives;
  await finishAll(users);
  return users;
}

/** The end of the last fault that was made on purpose. */
function calmSince(spans: readonly FaultSpan[]): number {
  return Math.max(0, ...spans.filter(({ lane }) => lane !== "machine").map(({ to = Date.now() }) => to));
}

async function readResult(running: Running, users: readonly SoakUser[], startedAt: number): Promise<SoakResult> {
  const { options, site, fleet, faults, log, machine, database } = running;
  const opened = await openDatabase(database.url);
  const tables = await readTables(opened, calmSince(log.spans)).finally(() => opened.kysely.destroy());
  const logs = fleet.logs();
  return {
    options,
    startedAt,
    answers: site.answers,
    hits: faults.hits,
    overloadedSeconds: machine.overloadedSeconds,
    ownDelay: machine.ownDelay(),
    logFigures: checkLogs(logs, log.spans),
    rows: tables.rows,
    logs,
    facts: {
      users: users.map(({ facts }) => facts),
      families: site.record.families,
      instances: fleet.facts(),
      faults: log.spans,
      wrongAnswers: site.answers.wrong,
      brokenAnswers: site.answers.broken,
      largestRead: fleet.largestRead(),
      logs: checkLogs(logs, log.spans),
      leftovers: tables.leftovers,
    },
  };
}

/** Runs a soak from nothing to its result, and ends everything that it started. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const closing = new Closing();
  try {
    const database = await openPlace(closing);
    const fleets: Fleet[] = [];
    const balancer = await startBalancer(() => fleets[0]?.targets() ?? []);
    closing.add(() => balancer.close());
    const upstream = await startSoakUpstream(`${balancer.url}/oauth/callback`);
    closing.add(() => upstream.close());
    await new SandboxClient(upstream.origin).setTokenLifetime(options.tokenSeconds);
    const record = new UpstreamRecord();
    const faults = new UpstreamFaults(seededRandom(options.seed));
    const env = environment(upstream, database, balancer.url);
    const { heapMb, tokenSeconds } = options;
    const fleet = new Fleet({
      env,
      upstream: { target: upstream.origin, record, faults },
      ...(heapMb !== undefined && { heapMb }),
    });
    fleets.push(fleet);
    closing.add(() => fleet.close());
    for (let count = 0; count < options.instances; count += 1) await fleet.start();
    const over = { now: false };
    const thinkMs = Math.max(SHORTEST_THINK_MS, (options.users / options.actsPerSecond) * 1_000);
    const site: Site = {
      ...{ url: balancer.url, record, answers: new Answers(), tokenSeconds, thinkMs },
      isOver: () => over.now,
    };
    const log = new FaultLog(options.onFault);
    const machine = new Machine(log);
    closing.add(() => Promise.resolve(machine.close()));
    const running: Running = { options, site, fleet, faults, log, machine, database };
    const startedAt = Date.now();
    const users = await live(running, over);
    return await readResult(running, users, startedAt);
  } finally {
    await closing.run();
  }
}
