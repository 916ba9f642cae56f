import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rejectionFailure } from "@/hooks/use-seeded-query";
import { entityId } from "@/sandbox/echo/personas/persona";
import { openAppBench, type AppBench, type AppUser } from "@/tests/support/app/app-bench";
import { INPUTS, postAction, READS, WALLET } from "@/tests/support/app/call-action";

const ADAS = entityId("ada");

const NOT_OBJECTS: unknown[] = [null, 42, true, ADAS, [ADAS], [], [{ entityID: ADAS, walletAddress: WALLET }], {}];

const BAD_ENTITY_IDS: unknown[] = [null, 1, {}, [ADAS], "", "\0", "a\nb", "x".repeat(257)];

/** Ids are opaque, so these are possible; nobody has them. */
const FOREIGN_ENTITY_IDS = [" ", "a b", "../x", "é", "__proto__", "constructor", `${ADAS} `];

const MALFORMED_WALLETS = ["", "0x", WALLET.slice(0, -1), `${WALLET}0`, WALLET.slice(2), "vitalik.eth"];

const LIST = "/externalapi.ListAvailableEntities";

/** The last one has a wrong checksum. */
const BAD_WALLETS: unknown[] = [null, 1, {}, [WALLET], ...MALFORMED_WALLETS, WALLET.replace("E", "e")];

/** In React's wire format: a date, a bigint, a map, a symbol, a server function, a missing value. */
const NOT_JSON = ["$D2026-01-01T00:00:00.000Z", "$n1", "$Q1", "$Sx", "$h1", "$undefined", "$1:then"];

/** Names that every object inherits, which must not count as fields. */
const PROTOTYPE_BODIES = [
  `[{"__proto__":{"entityID":"${ADAS}","walletAddress":"${WALLET}"}}]`,
  `[{"constructor":{"prototype":{"entityID":"${ADAS}","walletAddress":"${WALLET}"}}}]`,
  `[{"entityID":{"__proto__":"${ADAS}"},"walletAddress":"constructor"}]`,
];

const invalid = { ok: false, error: { code: "api/invalid_request", recovery: "none" } };

describe("an action's input", () => {
  let bench: AppBench;
  let user: AppUser;

  beforeAll(async () => {
    bench = await openAppBench({ RATE_READS_PER_MINUTE: "100000", RATE_PERMIT_PER_MINUTE: "100000" });
    return () => bench.close();
  });
  beforeEach(async () => {
    await bench.reset();
    user = await bench.connected();
  });

  it.each(Object.keys(INPUTS))(
    "of %s that is not an object with its fields is refused, and nothing is sent",
    async (action) => {
      for (const input of NOT_OBJECTS) expect([input, await user.call(action, input)]).toMatchObject([input, invalid]);
      expect(await user.call(action)).toMatchObject(invalid);
      expect(bench.gate.passages).toEqual([]);
    },
  );

  it.each(READS)("of %s, which needs none, must be an object all the same", async (action) => {
    for (const input of [null, 42, ADAS, [ADAS]]) expect(await user.call(action, input)).toMatchObject(invalid);
    expect(bench.gate.passages).toEqual([]);
  });

  it.each([
    ["entityID", BAD_ENTITY_IDS],
    ["walletAddress", BAD_WALLETS],
  ])("with a wrong %s is refused, and nothing is sent", async (field, values) => {
    const actions = Object.entries(INPUTS).filter(([, input]) => field in input);
    for (const [action, input] of actions) {
      for (const value of values) {
        expect([value, await user.call(action, { ...input, [field]: value })]).toMatchObject([value, invalid]);
      }
    }
    expect(bench.gate.passages).toEqual([]);
  });

  it("with an entity's id that is not on the user's list finds nothing, and the id is sent to nobody", async () => {
    const notFound = { ok: false, error: { code: "api/not_found" } };
    for (const entityID of FOREIGN_ENTITY_IDS) {
      expect([entityID, await user.call("getEntity", { entityID })]).toMatchObject([entityID, notFound]);
    }
    expect(new Set(bench.gate.passages.map(({ path }) => path))).toEqual(new Set([LIST]));
  });

  it("whose fields come from a prototype counts as empty", async () => {
    for (const action of Object.keys(INPUTS)) {
      for (const body of PROTOTYPE_BODIES) {
        expect(await (await postAction(user.browser, bench.app.url, action, body)).text()).toContain(
          "api/invalid_request",
        );
      }
    }
    expect(bench.gate.passages).toEqual([]);
  });

  it("of a type that JSON does not have is refused or not read at all, and the app goes on", async () => {
    for (const value of NOT_JSON) {
      const body = JSON.stringify([{ entityID: value, walletAddress: value }]);
      const answer = await postAction(user.browser, bench.app.url, "prePurchaseCheck", body);
      expect([value, await answer.text()]).not.toMatchObject([value, expect.stringContaining('"ok":true')]);
    }
    expect(bench.gate.passages).toEqual([]);
    expect(await user.call("getProfile", {})).toMatchObject({ ok: true });
  });

  it("over the limit of 64 kB is refused with a text that the hook knows, and nothing is sent", async () => {
    const body = JSON.stringify([{ entityID: "x".repeat(65_536) }]);
    const answer = await postAction(user.browser, bench.app.url, "getEntity", body);
    // Next passes the text of an answer on only with exactly this type.
    expect([answer.status, answer.headers.get("content-type")]).toEqual([413, "text/plain"]);
    expect(rejectionFailure(new Error(await answer.text()))).toMatchObject({
      code: "request/too_large",
      recovery: "none",
    });
    expect(bench.gate.passages).toEqual([]);
  });

  it("over the limit is refused also when its length is not told", async () => {
    const body = new Blob([JSON.stringify([{ ...INPUTS["getEntity"], more: "x".repeat(65_536) }])]).stream();
    const answer = await postAction(user.browser, bench.app.url, "getEntity", body);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([413, "text/plain"]);
    expect(bench.gate.passages).toEqual([]);
  });

  it("just under the limit is looked at", async () => {
    expect(await user.call("getEntity", { entityID: "x".repeat(65_000) })).toMatchObject(invalid);
    expect(await user.call("getEntity", { ...INPUTS["getEntity"], more: "x".repeat(65_000) })).toMatchObject({
      ok: true,
    });
  });
});
