import { setTimeout as sleep } from "node:timers/promises";
import { HttpBrowser } from "@/tests/support/app/http-browser";
import type { BenchSite } from "@/tests/support/bench/bench-site";
import { percentile, type Figure } from "@/tests/support/bench/figures";
import { OpeningPerson } from "@/tests/support/bench/opening-person";
import { ResidentMemory, type MemorySample } from "@/tests/support/soak/resident-memory";

/** Who comes in the minute, and how long the minute is. */
export interface OpeningCrowd {
  signedOut: number;
  connect: number;
  commit: number;
  seconds: number;
}

/** The minute that is asked for. */
export const OPENING_CROWD: OpeningCrowd = { signedOut: 9_000, connect: 800, commit: 200, seconds: 60 };

const MOST_PRINTED = 20;

interface Happened {
  /** Milliseconds from the time at which somebody came. */
  documents: number[];
  connects: number[];
  shown: number[];
  errors: string[];
  presses: number;
  lost: number;
}

/** Somebody who only looks. What the machine could not begin in time counts as waiting. */
async function look(url: string, cameAt: number, happened: Happened): Promise<void> {
  const answer = await new HttpBrowser().get(url, { headers: { "Accept-Encoding": "gzip" } });
  const text = await answer.text();
  if (!answer.ok || !text.includes("Sign in")) happened.errors.push(`document: ${answer.status}`);
  happened.documents.push(performance.now() - cameAt);
}

async function takePart(person: OpeningPerson, commits: boolean, cameAt: number, happened: Happened): Promise<void> {
  await person.connect();
  happened.connects.push(performance.now() - cameAt);
  if (commits) happened.shown.push(await person.commit());
}

/** Calls each of `visits` at its time: evenly over the minute, whatever has become of the earlier ones. */
async function inTime(visits: readonly ((cameAt: number) => Promise<void>)[], seconds: number, happened: Happened) {
  const startedAt = performance.now();
  const running = visits.map(async (visit, index) => {
    const cameAt = startedAt + (index / visits.length) * seconds * 1_000;
    await sleep(Math.max(0, cameAt - performance.now()));
    await visit(cameAt).catch((error: unknown) => happened.errors.push(String(error)));
  });
  await Promise.all(running);
  return (performance.now() - startedAt) / 1_000;
}

/** Everybody in one order, in which the kinds are spread over the minute. */
function mixed<T>(kinds: readonly (readonly T[])[]): T[] {
  const placed = kinds.flatMap((kind) => kind.map((one, index) => ({ one, at: (index + 0.5) / kind.length })));
  return placed.sort((a, b) => a.at - b.at).map(({ one }) => one);
}

function isLost(person: OpeningPerson): Promise<boolean> {
  return person.isConnected().then((is) => !is);
}

/** The minute in which a sale opens. `upstream`: how it behaves in it. */
export async function measureOpeningMinute(
  site: BenchSite,
  crowd: OpeningCrowd,
  upstream: { latencyMs: number; refusedShare: number },
): Promise<Figure[]> {
  const address = (index: number) => `10.2.${Math.floor(index / 250)}.${(index % 250) + 1}`;
  const people = Array.from(
    { length: crowd.connect + crowd.commit },
    (_, index) => new OpeningPerson(site, address(index)),
  );
  const buyers = people.slice(0, crowd.commit);
  await site.upstream.tell({ fund: buyers.map(({ account }) => account.address) });
  const before = await site.upstream.tell(upstream);
  const happened: Happened = { documents: [], connects: [], shown: [], errors: [], presses: 0, lost: 0 };
  const memory = new ResidentMemory();
  const samples: MemorySample[] = [];
  if (site.app.pid !== undefined) memory.watch(site.app.pid, samples);
  const visits = mixed([
    Array.from({ length: crowd.signedOut }, () => (cameAt: number) => look(site.app.url, cameAt, happened)),
    people.map((person, index) => (cameAt: number) => takePart(person, index < crowd.commit, cameAt, happened)),
  ]);
  const seconds = await inTime(visits, crowd.seconds, happened);
  const refused = (await site.upstream.tell({ latencyMs: 0, refusedShare: 0 })).refused - before.refused;
  memory.close();
  for (const person of people) if (await isLost(person)) happened.lost += 1;
  happened.presses = people.reduce((sum, person) => sum + person.presses, 0);
  for (const error of new Set(happened.errors.slice(0, MOST_PRINTED))) console.error(`  ${error}`);
  return openingFigures(happened, crowd, { seconds, refused, largest: Math.max(...samples.map(({ mb }) => mb)) });
}

function openingFigures(
  { documents, connects, shown, errors, presses, lost }: Happened,
  crowd: OpeningCrowd,
  { seconds, refused, largest }: { seconds: number; refused: number; largest: number },
): Figure[] {
  const one = (what: string, unit: string, value: number, goal?: Figure["goal"]): Figure => {
    return { what, unit, values: [value], ...(goal && { goal }) };
  };
  return [
    one("until everybody was served", "s", seconds),
    { what: "signed-out document", unit: "ms", values: documents },
    one("the same, 99 % of them", "ms", percentile(documents, 0.99), { most: 1_000 }),
    { what: "sign in, connect and see the page", unit: "ms", values: connects },
    { what: "from the chain's confirmation to the page", unit: "ms", values: shown },
    one("commitments confirmed and shown", "", shown.length, { least: crowd.commit }),
    one("refused by the upstream", "", refused),
    one("pressed again for that", "", presses),
    one("errors of the site's own", "", errors.length, { most: 0 }),
    one("connections lost", "", lost, { most: 0 }),
    one("resident memory at most", "MB", largest, { most: 450 }),
  ];
}
