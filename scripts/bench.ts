import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { requireProductionBuild } from "@/tests/support/app/app-process";
import { startBenchSite, type BenchSite, type DatabaseKind } from "@/tests/support/bench/bench-site";
import { figureTable, ratioTo, type Figure } from "@/tests/support/bench/figures";
import { measureFirstSecond } from "@/tests/support/bench/first-second";
import { buildFloorApp, type FloorApp } from "@/tests/support/bench/floor-app";
import { measureOpeningMinute, OPENING_CROWD } from "@/tests/support/bench/opening-minute";
import { measureBytes } from "@/tests/support/bench/page-bytes";
import { measureRefresh } from "@/tests/support/bench/refresh";
import { measureStarts } from "@/tests/support/bench/starts";
import { measureStores } from "@/tests/support/bench/stores";
import { connectedCookie, measureLoads, siteLoads, type Load } from "@/tests/support/bench/throughput";
import { createDatabaseOn, startPostgres } from "@/tests/support/database/postgres";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/**
 * Measures the production build, and prints tables in Markdown: `npm run bench`, or `npm run bench -- first-second bytes` for some of its parts.
 * `--quick` measures less often: figures of such a run are for a first look only. Nothing fails because of a time.
 */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: "boolean" } } });

const KINDS: readonly DatabaseKind[] = ["SQLite", "Postgres"];
const CONNECTIONS = [1, 16, 64];
const PATIENCE = values.quick ? { seconds: 3, rounds: 1 } : { seconds: 8, rounds: 3 };
const LOADS_IN_BROWSER = values.quick ? 5 : 20;

function print(title: string, figures: readonly Figure[]): void {
  console.log(`\n${figureTable(title, figures)}`);
}

async function onSite<T>(kind: DatabaseKind, work: (site: BenchSite) => Promise<T>): Promise<T> {
  const site = await startBenchSite(kind);
  try {
    return await work(site);
  } finally {
    await site.close();
  }
}

async function withFloor<T>(work: (floor: FloorApp) => Promise<T>): Promise<T> {
  const floor = await buildFloorApp();
  try {
    return await work(floor);
  } finally {
    floor.remove();
  }
}

/** One table of the loads: all with their ratios to the floor of their kind. */
async function compareLoads(title: string, loads: Record<string, Load>, connections: number): Promise<void> {
  const names = Object.keys(loads);
  const figures = await measureLoads(Object.values(loads), connections, PATIENCE);
  const of = new Map(figures.map((figure, index) => [names[index], figure]));
  const compared = (name: string, floor: string, goal?: Figure["goal"]): Figure[] => {
    const [figure, base] = [of.get(name), of.get(floor)];
    return figure && base ? [ratioTo(figure, base, goal)] : [];
  };
  print(title, [
    ...figures,
    ...compared("action", "bareAction", { least: 0.7 }),
    ...compared("signedOut", "health", { least: 0.8 }),
    ...compared("connected", "bareSession", { least: 0.5 }),
    ...compared("connected", "health", { least: 0.25 }),
    ...compared("signedOut", "empty"),
  ]);
}

/** Requests per second, on both databases. */
async function throughput(): Promise<void> {
  await withFloor(async (floor) => {
    for (const kind of KINDS) {
      await onSite(kind, async (site) => {
        const { cookie, floorEnv } = await connectedCookie(site);
        const floorApp = await floor.start(floorEnv);
        const loads = await siteLoads(site.app.url, floorApp, cookie);
        for (const connections of CONNECTIONS) {
          await compareLoads(`Requests per second, ${kind}, ${connections} connections`, loads, connections);
        }
        await floorApp.stop();
      });
    }
  });
}

async function bytes(): Promise<void> {
  await withFloor((floor) =>
    onSite("SQLite", async (site) => {
      const empty = await floor.start({});
      print("Bytes of a first load (text as gzip)", await measureBytes(site, empty.url));
      await empty.stop();
    }),
  );
}

async function stores(): Promise<void> {
  const folder = temporaryFolder();
  print("Stores, SQLite", await measureStores("SQLite", `file:${folder.path}/stores.db`));
  folder.remove();
  const postgres = await startPostgres();
  const url = await createDatabaseOn(postgres.url);
  print("Stores, Postgres", await measureStores("Postgres", url));
  await postgres.stop();
}

async function openingMinute(): Promise<void> {
  for (const refusedShare of [0, 0.1]) {
    const title = `The opening minute, upstream +50 ms${refusedShare > 0 ? ", which answers 429 to a tenth" : ""}`;
    const measure = (site: BenchSite) => measureOpeningMinute(site, OPENING_CROWD, { latencyMs: 50, refusedShare });
    print(title, await onSite("Postgres", measure));
  }
}

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  "first-second": async () =>
    print("The first second", await onSite("SQLite", (site) => measureFirstSecond(site, LOADS_IN_BROWSER))),
  throughput,
  bytes,
  "opening-minute": openingMinute,
  refresh: async () => print("One expired token", await measureRefresh()),
  stores,
  starts: async () => print("Starts", await onSite("SQLite", (site) => measureStarts(site, values.quick ? 1 : 3))),
};

const unknown = positionals.filter((name) => !(name in PARTS));
if (unknown.length > 0)
  throw new Error(`There is no part ${unknown.join(", ")}: only ${Object.keys(PARTS).join(", ")}.`);
requireProductionBuild();
console.log(`Node ${process.version}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`);
for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) await PARTS[name]?.();
