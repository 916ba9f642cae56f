import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { entityId } from "@/sandbox/echo/personas/persona";
import { appUser, openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { INPUTS, READS } from "@/tests/support/app/call-action";
import { ECHO } from "@/tests/support/app/upstream-gate";

const GRACES = entityId("grace");

describe("an action's caller", () => {
  let bench: AppBench;

  beforeAll(async () => {
    bench = await openAppBench();
    return () => bench.close();
  });
  beforeEach(() => bench.reset());

  it("who is not signed in is told to sign in, also with a forged cookie, and nothing is sent", async () => {
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

  it("who is not connected is told to connect, and nothing is sent", async () => {
    const { call } = await bench.signedIn();
    for (const action of [...READS, ...Object.keys(INPUTS)]) {
      const error = { code: "connection/not_connected", recovery: "reconnect" };
      expect(await call(action, INPUTS[action] ?? {})).toMatchObject({ ok: false, error });
    }
    expect(bench.gate.passages).toEqual([]);
  });

  it("who names another user's entity is refused without its being sent, whether their own are known or not", async () => {
    const user = await bench.connected("ada");
    for (const known of [false, true]) {
      if (known) await user.call("getEntities", {});
      bench.gate.passages.length = 0;
      for (const action of ["getEntity", "prePurchaseCheck", "acceptTerms", "generatePurchasePermit"]) {
        // A permit for the form, since the gate before a commitment's refuses already for want of an acceptance.
        const answer = await user.call(action, { ...INPUTS[action], entityID: GRACES, purpose: "form" });
        expect(answer).toMatchObject({ ok: false, error: { code: "api/not_found" } });
      }
      // Their own entities are requested once if they are not known yet; the foreign id is not sent.
      expect(bench.gate.passages.map(({ path }) => path)).toEqual(known ? [] : [ECHO.entities]);
      expect(JSON.stringify(bench.gate.passages.map(({ body }) => body))).not.toContain(GRACES);
    }
  });

  it("cannot choose the sale, the user, the session or the token", async () => {
    const user = await bench.connected("ada");
    const chosen = { saleUUID: "0a0a0a0a-0000-4000-8000-00000000beef", userId: "chosen-by-client" };
    const extra = { ...chosen, SaleUUID: chosen.saleUUID, sessionId: chosen.userId, accessToken: chosen.userId };
    expect(await user.call("getEntity", { ...INPUTS["getEntity"], ...extra })).toMatchObject({ ok: true });
    expect(await user.call("getEntities", extra)).toMatchObject({ ok: true });
    const sent = JSON.stringify(bench.gate.passages);
    for (const value of Object.values(extra)) expect(sent).not.toContain(value);
  });
});
