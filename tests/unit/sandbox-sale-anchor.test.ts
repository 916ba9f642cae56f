import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SaleAnchor, chooseAnchor } from "@/sandbox/echo/sale-anchor";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const DAY = 86_400;
const TODAY = 20_000 * DAY;
const NOON = TODAY + DAY / 2;

describe("the anchor of the sale windows", () => {
  it.each([
    ["is the beginning of today at first", { previous: undefined, wall: NOON, chain: NOON }, TODAY],
    [
      "moves with the days while nobody moves the chain's clock",
      { previous: TODAY - 9 * DAY, wall: NOON, chain: NOON - 9 * DAY },
      TODAY,
    ],
    [
      "stays when the chain's clock is ahead: what was closed must not open again",
      { previous: TODAY - 2 * DAY, wall: NOON, chain: NOON + 40 * DAY },
      TODAY - 2 * DAY,
    ],
    [
      "takes no notice of a chain that is seconds ahead",
      { previous: TODAY - 2 * DAY, wall: NOON, chain: NOON + 5 },
      TODAY,
    ],
  ])("%s", (_, times, expected) => {
    expect(chooseAnchor(times)).toBe(expected);
  });
});

describe("the anchor's file", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  beforeEach(() => {
    folder = temporaryFolder();
    file = join(folder.path, "data", "sale.json");
  });
  afterEach(() => folder.remove());

  const at = (seconds: number) => new SaleAnchor(() => seconds * 1000, file);

  it("keeps the anchor over a restart if the chain's clock was moved forward", () => {
    at(NOON).resume(NOON);
    const later = at(NOON + 3 * DAY);
    later.resume(NOON + 40 * DAY);
    expect(later.time).toBe(TODAY);
    later.restart();
    expect(later.time).toBe(TODAY + 3 * DAY);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ anchor: TODAY + 3 * DAY, kind: "fixed-price" });
  });

  it("keeps the kind of the sale, until the sale starts anew", () => {
    at(NOON).kind = "auction";
    const later = at(NOON);
    expect(later.kind).toBe("auction");
    later.restart();
    expect(at(NOON).kind).toBe("fixed-price");
  });

  it.each(["", "{", "[]", '{"anchor":"x"}', '{"anchor":1.5}'])("with the content %j is ignored", (content) => {
    at(NOON).restart();
    writeFileSync(file, content);
    const anchor = at(NOON + DAY);
    anchor.resume(NOON + 40 * DAY);
    expect(anchor.time).toBe(TODAY + DAY);
  });
});
