import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { entityId } from "@/sandbox/echo/personas/make-entity";
import { appUser, openAppBench, type AppBench, type AppUser } from "@/tests/support/app-bench";
import { postAction } from "@/tests/support/call-action";
import { ECHO } from "@/tests/support/echo-endpoints";

const WALLET = "0x52908400098527886E0F7030069857D2E4169EE7";
const ADAS = entityId("ada");
const GRACES = entityId("grace");

const READS = ["getEntities", "getProfile", "getInvestmentHistory"];

/** One action each that takes an entity, a wallet, and both; with what they take. */
const INPUTS: Record<string, Record<string, unknown>> = {
  getEntity: { entityID: ADAS },
  getLimits: { walletAddress: WALLET },
  prePurchaseCheck: { entityID: ADAS, walletAddress: WALLET },
  generatePurchasePermit: { entityID: ADAS, walletAddress: WALLET },
};

const NOT_OBJECTS: unknown[] = [null, 42, true, ADAS, [ADAS], [], [{ entityID: ADAS, walletAddress: WALLET }], {}];

const BAD_ENTITY_IDS: unknown[] = [null, 1, true, "", " ", "a b", "../x", "a/b", "é", "x".repeat(129), {}, [ADAS], "\0"];

const BAD_WALLETS: unknown[] = [
  null,
  1,
  "",
  "0x",
  WALLET.slice(0, -1),
  `${WALLET}0`,
  WALLET.slice(2),
  WALLET.replace("E", "e"),
  "vitalik.eth",
  { toString: WALLET },
  [WALLET],
];

/** In React's wire format: a date, a bigint, a map, a symbol, a function of the server, something that is not there. */
const NOT_JSON = ["$D2026-01-01T00:00:00.000Z", "$n1", "$Q1", "$Sx", "$h1", "$undefined", "$1:then"];

/** Names that every object has: they must not stand in for a field. */
const PROTOTYPE_BODIES = [
  `[{"__proto__":{"entityID":"${ADAS}","walletAddress":"${WALLET}"}}]`,
  `[{"constructor":{"prototype":{"entityID":"${ADAS}","walletAddress":"${WALLET}"}}}]`,
  `[{"entityID":"__proto__/..","walletAddress":"constructor"}]`,
];

const invalid = { ok: false, error: { code: "api/invalid_request", recovery: "none" } };

describe("an action's input", () => {
  let bench: AppBench;
  let user: AppUser;

  beforeAll(async () => {
    bench = await openAppBench({ RATE_READS_PER_MINUTE: "100000", RATE_PERMIT_PER_MINUTE: "100000" });
  });
  beforeEach(async () => {
    await bench.reset();
    user = await bench.connected();
  });
  afterAll(() => bench.close());

  it.each(Object.keys(INPUTS))("of %s that is not an object with its fields is refused, and nothing is sent", async (action) => {
    for (const input of NOT_OBJECTS) expect([input, await user.call(action, input)]).toMatchObject([input, invalid]);
    expect(await user.call(action)).toMatchObject(invalid);
    expect(bench.gate.passages).toEqual([]);
  });

  it.each(READS)("of %s, which takes none, must be an object all the same", async (action) => {
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

  it("whose fields come from a prototype counts as empty", async () => {
    for (const action of Object.keys(INPUTS)) {
      for (const body of PROTOTYPE_BODIES) {
        expect(await (await postAction(user.browser, bench.app.url, action, body)).text()).toContain("api/invalid_request");
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

  it("may add a sale, a user or a session: none is taken from it", async () => {
    const extra = { saleUUID: "0a0a0a0a-0000-4000-8000-00000000beef", userId: "eve", sessionId: "eve", accessToken: "eve" };
    expect(await user.call("getEntity", { ...INPUTS["getEntity"], ...extra })).toMatchObject({ ok: true });
    expect(await user.call("getEntities", extra)).toMatchObject({ ok: true });
    const sent = JSON.stringify(bench.gate.passages.map(({ body, headers }) => [body, headers]));
    for (const value of Object.values(extra)) expect(sent).not.toContain(value);
  });

  it("over the limit of 64 kB is refused with 413, and nothing is sent", async () => {
    const answer = await postAction(user.browser, bench.app.url, "getEntity", JSON.stringify([{ entityID: "x".repeat(65_536) }]));
    expect(answer.status).toBe(413);
    expect(bench.gate.passages).toEqual([]);
    expect(await user.call("getEntity", { entityID: "x".repeat(60_000) })).toMatchObject(invalid);
  });

  it("that names another user's entity is refused without being sent, whether the own ones are known or not", async () => {
    for (const listed of [false, true]) {
      if (listed) await user.call("getEntities", {});
      bench.gate.passages.length = 0;
      for (const action of ["getEntity", "prePurchaseCheck", "generatePurchasePermit"]) {
        const answer = await user.call(action, { ...INPUTS[action], entityID: GRACES });
        expect(answer).toMatchObject({ ok: false, error: { code: "api/not_found" } });
      }
      const asked = bench.gate.passages.map(({ path }) => path);
      expect(asked.filter((path) => path !== ECHO.entities || listed)).toEqual([]);
      expect(JSON.stringify(bench.gate.passages)).not.toContain(GRACES);
    }
  });

  it("does not matter to somebody who is not signed in: he is told to sign in", async () => {
    const stranger = appUser(bench.app.url);
    const forger = appUser(bench.app.url);
    forger.browser.cookies.take(new URL(bench.app.url), ["session=Fe26.2*1*forged*forged*forged**forged*forged~2"]);
    for (const action of [...READS, ...Object.keys(INPUTS)]) {
      for (const { call } of [stranger, forger]) {
        const error = { code: "session/missing", recovery: "sign-in" };
        expect(await call(action, INPUTS[action] ?? {})).toMatchObject({ ok: false, error });
      }
    }
    expect(bench.gate.passages).toEqual([]);
  });

  it("does not matter to somebody who is not connected: he is told to connect", async () => {
    const { call } = await bench.signedIn();
    for (const action of [...READS, ...Object.keys(INPUTS)]) {
      const error = { code: "connection/not_connected", recovery: "reconnect" };
      expect(await call(action, INPUTS[action] ?? {})).toMatchObject({ ok: false, error });
    }
    expect(bench.gate.passages).toEqual([]);
  });
});
