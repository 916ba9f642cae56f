import { describe, expect, it } from "vitest";
import { readStage } from "@/lib/sale/state";

describe("the stage of a sale contract", () => {
  it.each([
    [0, "pre-open"],
    [1, "commitment"],
    [2, "cancellation"],
    [3, "settlement"],
    [4, "done"],
  ])("of version 2, number %d, is %s", (stage, name) => {
    for (const version of [
      [2, 0, 0],
      [2, 7, 1],
    ] as const) {
      expect(readStage(version, stage)).toEqual({ ok: true, value: name });
    }
  });

  it.each([[[1, 0, 0]], [[3, 0, 0]], [[0, 2, 0]], [[20, 0, 0]]] as const)(
    "of version %j is refused for every number, since numbers have changed their meaning",
    (version) => {
      for (const stage of [0, 1, 2, 3, 4, 5]) {
        expect(readStage(version, stage)).toEqual({
          ok: false,
          problem: {
            kind: "unsupported-version",
            sentence: `The sale contract is version ${version.join(".")}, but this site only works with version 2.`,
          },
        });
      }
    },
  );

  it.each([5, 255, -1, 1.5])("with the number %d is refused", (stage) => {
    expect(readStage([2, 0, 0], stage)).toMatchObject({ ok: false, problem: { kind: "unknown-stage" } });
  });
});
