import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSmallServer, type SmallServer } from "@/tests/support/app/overlapping-loads";

/** Without the patch in lib/start-up.ts a server with this little memory dies within the first thousand. */
const LOADS = 1_500;

/** The first Node whose immediates release their neighbours after they have run (nodejs/node#66129). */
const FIRST_SOUND_NODE = "24.20.0";

const MB = 2 ** 20;

/**
 * Runs many requests' immediates in one batch, keeps the abort reason of a few, and prints the memory of the requests' data that is still held.
 */
const HELD_BY_REASONS = `
  const { AsyncLocalStorage } = require("node:async_hooks");
  const requests = new AsyncLocalStorage();
  const kept = [];
  let left = 100;
  const report = () => { gc(); gc(); console.log(process.memoryUsage().arrayBuffers); };
  for (let i = 0; i < 100; i++) {
    requests.run({ data: Buffer.alloc(${MB}, 1) }, () => setImmediate(() => {
      const render = new AbortController();
      if (i % 25 === 0) { render.abort(new Error("over")); kept.push(render.signal); }
      if (--left === 0) setTimeout(report, 50);
    }));
  }
`;

function numbersOf(version: string): number[] {
  return version.replace(/^\D+/, "").split(".").map(Number);
}

function isBefore(version: string, other: string): boolean {
  const [ours, theirs] = [numbersOf(version), numbersOf(other)];
  const at = ours.findIndex((number, index) => number !== (theirs[index] ?? 0));
  return at >= 0 && (ours[at] ?? 0) < (theirs[at] ?? 0);
}

describe("loads of connected visitors that overlap without a pause", () => {
  let server: SmallServer;

  beforeAll(async () => {
    server = await startSmallServer();
  });
  afterAll(() => server.close());

  it("do not end a server with little memory", { timeout: 600_000 }, async () => {
    await server.load(LOADS);
    expect((await server.memory()).heap).toBeLessThan(100);
  });
});

describe("lib/start-up.ts", () => {
  it("is needed on this Node, or else this Node is one that is known to be sound", () => {
    const held = Number(execFileSync(process.execPath, ["--expose-gc", "-e", HELD_BY_REASONS], { encoding: "utf8" }));
    expect(held > 50 * MB).toBe(isBefore(process.version, FIRST_SOUND_NODE));
  });

  it("can go as soon as package.json asks for a sound Node", () => {
    const { engines }: { engines: { node: string } } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(isBefore(engines.node, FIRST_SOUND_NODE), "remove lib/start-up.ts and this test").toBe(true);
  });
});
