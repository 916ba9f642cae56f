import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { site } from "@/lib/config/site";
import { entityId } from "@/sandbox/echo/personas/persona";
import { appUser, openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { acceptTerms, WALLET } from "@/tests/support/app/call-action";
import { connectAs } from "@/tests/support/app/http-browser";
import { ECHO } from "@/tests/support/app/upstream-gate";

interface Permit {
  PermitJSON: Record<string, unknown>;
}

const SIGNATURE = expect.stringMatching(/^0x[0-9a-f]{130}$/);

const AMOUNTS = ["MaxAmount", "MaxPrice", "MinAmount", "MinPrice"];
const FIELDS_OF_V3 = [
  "ClosesAt",
  "ExpiresAt",
  ...AMOUNTS,
  "OpensAt",
  "Payload",
  "SaleSpecificEntityID",
  "SaleUUID",
  "Wallet",
];

const MINUTE_MS = 60_000;

/** Uses are counted per minute of the clock. A run during which a new minute begins proves nothing and is repeated. */
async function withinOneMinute<T>(run: () => Promise<T>): Promise<T> {
  const minute = () => Math.floor(Date.now() / MINUTE_MS);
  const before = minute();
  const result = await run();
  return minute() === before ? result : withinOneMinute(run);
}

describe("a purchase permit", () => {
  let bench: AppBench;

  beforeAll(async () => {
    bench = await openAppBench({ RATE_PERMIT_PER_MINUTE: "1", RATE_READS_PER_MINUTE: "3" });
    return () => bench.close();
  });
  beforeEach(() => bench.reset());

  const permitFor = async (persona: string, input: Record<string, unknown> = {}) => {
    const user = await bench.connected(persona);
    await acceptTerms(user.browser, bench.app.url, entityId(persona));
    bench.gate.passages.length = 0;
    return user.call<Permit>("generatePurchasePermit", {
      entityID: entityId(persona),
      walletAddress: WALLET,
      ...input,
    });
  };

  it("is signed, of version 3, and for the wallet and entity that were asked for", async () => {
    const answer = await permitFor("ada");
    expect(answer).toMatchObject({
      ok: true,
      data: { PermitJSON: { Wallet: expect.stringMatching(new RegExp(WALLET, "i")) }, Signature: SIGNATURE },
    });
    expect(answer.ok && Object.keys(answer.data.PermitJSON).sort()).toEqual(FIELDS_OF_V3);
    const [request] = bench.gate.passages.filter(({ path }) => path === ECHO.permit);
    expect(JSON.parse(request?.body ?? "")).toMatchObject({
      EntityID: entityId("ada"),
      PurchasingWalletAddress: WALLET,
    });
  });

  it.each(["tony", "john", "alan", "barbara", "donald", "edsger", "frances", "radia", "unlisted"])(
    "is not asked for when the entity is not verified and eligible (%s)",
    async (persona) => {
      const error = { code: "sale/entity_not_ready", recovery: "none" };
      expect(await permitFor(persona)).toMatchObject({ ok: false, error });
      expect(bench.gate.passages.map(({ path }) => path)).toEqual([ECHO.entities]);
    },
  );

  const flagged = (reason: string) =>
    bench.sandbox.control.setFault({ endpoint: ECHO.check, effect: { kind: "check-failed", reason } });

  it("is not asked for when Sonar has something against the purchase since it was checked last", async () => {
    await flagged("wallet-risk");
    const suggestion = "This wallet did not pass the sale's risk screening. Use another wallet.";
    const error = { code: "sale/purchase_not_cleared", recovery: "retry", suggestion };
    expect(await permitFor("ada")).toMatchObject({ ok: false, error });
    expect(await permitFor("ada", { purpose: "form" })).toMatchObject({ ok: false, error });
    expect(await bench.requestsTo(ECHO.permit)).toBe(0);
  });

  it("is not asked for when that cannot be checked", async () => {
    await bench.sandbox.control.setFault({ endpoint: ECHO.check, effect: { kind: "status", status: 503 } });
    expect(await permitFor("ada")).toMatchObject({ ok: false, error: { code: "api/server_error" } });
    expect(await bench.requestsTo(ECHO.permit)).toBe(0);
  });

  it("outside the entity's window is for the form only, which says from when on", async () => {
    const error = { code: "sale/purchase_not_cleared" };
    expect(await permitFor("dorothy")).toMatchObject({ ok: false, error });
    // Without the signature, it cannot be sent.
    expect(await permitFor("dorothy", { purpose: "form" })).toMatchObject({ ok: true, data: { Signature: "0x" } });
  });

  it("is not asked for when the wallet's checksum is wrong, which a mistyped address has", async () => {
    const mistyped = WALLET.replace("0x52", "0x53");
    expect(await permitFor("ada", { walletAddress: mistyped })).toMatchObject({
      error: { code: "api/invalid_request" },
    });
    expect(bench.gate.passages).toEqual([]);
  });

  it("is asked for when the wallet is written without a checksum", async () => {
    expect(await permitFor("ada", { walletAddress: WALLET.toLowerCase() })).toMatchObject({ ok: true });
  });

  it("is never asked for twice when its answer is lost", async () => {
    const lost = { endpoint: ECHO.permit, effect: { kind: "reset" }, when: "after" } as const;
    await bench.sandbox.control.setFault(lost);
    expect(await permitFor("ada")).toMatchObject({ error: { code: "api/network_error", recovery: "retry" } });
    expect(await bench.requestsTo(ECHO.permit)).toBe(1);
  });

  it("beyond the limit per minute is refused, and nothing is sent; others are not held back", async () => {
    await withinOneMinute(async () => {
      await bench.reset();
      const user = await bench.connected();
      const input = { entityID: entityId("ada"), walletAddress: WALLET };
      await acceptTerms(user.browser, bench.app.url, entityId("ada"));
      expect(await user.call("generatePurchasePermit", input)).toMatchObject({ ok: true });
      bench.gate.passages.length = 0;
      const error = { code: "api/rate_limited", recovery: "retry" };
      expect(await user.call("generatePurchasePermit", input)).toMatchObject({ ok: false, error });
      expect(bench.gate.passages).toEqual([]);
      expect(await user.call("getProfile", {})).toMatchObject({ ok: true });
      expect(await permitFor("ada")).toMatchObject({ ok: true });
    });
  });

  it("has a limit of its own, as reading has", async () => {
    await withinOneMinute(async () => {
      await bench.reset();
      const user = await bench.connected();
      const input = { entityID: entityId("ada"), walletAddress: WALLET, purpose: "form" };
      const answers = [];
      for (let read = 0; read < 4; read += 1) answers.push(await user.call("getProfile", {}));
      expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, false]);
      expect(await bench.requestsTo(ECHO.profile)).toBe(3);
      expect(await user.call("generatePurchasePermit", input)).toMatchObject({ ok: true });
    });
  });

  // A site without terms asks for no consent, so there is nothing to refuse.
  describe.runIf(site.consent)("before the terms are accepted", () => {
    const input = { entityID: entityId("ada"), walletAddress: WALLET };
    const version = site.consent?.version ?? "";
    const accepted = () => bench.database.kysely.selectFrom("entity_consents").selectAll().execute();
    const newcomer = async () => {
      const user = await bench.signedIn();
      await connectAs(user.browser, bench.app.url);
      bench.gate.passages.length = 0;
      return user;
    };

    it("is refused, and Sonar is asked nothing, although another user has accepted them", async () => {
      const other = await bench.connected("grace");
      await acceptTerms(other.browser, bench.app.url, entityId("grace"));
      const user = await newcomer();
      const error = { code: "sale/terms_not_accepted", recovery: "accept-terms", terms: { version } };
      expect(await user.call("generatePurchasePermit", input)).toMatchObject({ ok: false, error });
      expect(bench.gate.passages).toEqual([]);
    });

    it("is issued for the form, without the signature that a commitment needs", async () => {
      const user = await newcomer();
      const answer = await user.call("generatePurchasePermit", { ...input, purpose: "form" });
      expect(answer).toMatchObject({ ok: true, data: { Signature: "0x" } });
      expect(await accepted()).toEqual([]);
    });

    it("is issued once they are accepted for its entity, and the acceptance outlives signing out", async () => {
      const user = await newcomer();
      await acceptTerms(user.browser, bench.app.url, input.entityID);
      expect(await user.call("generatePurchasePermit", input)).toMatchObject({ ok: true });
      await user.browser.submit(new URL("/auth/sign-out", bench.app.url));
      expect(await accepted()).toMatchObject([{ entity_id: input.entityID, version }]);
    });

    it("no acceptance for a stranger's entity is recorded", async () => {
      const user = await newcomer();
      const stranger = { entityID: entityId("grace"), version };
      expect(await user.call("acceptTerms", stranger)).toMatchObject({ error: { code: "api/not_found" } });
      expect(await accepted()).toEqual([]);
    });

    it.each(["2001-01-01", `${version} `, version.slice(0, -1)])(
      "no version but the current one is recorded (%j), and the answer has the current terms",
      async (other) => {
        const user = await newcomer();
        const error = { code: "sale/terms_changed", recovery: "accept-terms", terms: { version } };
        expect(await user.call("acceptTerms", { entityID: input.entityID, version: other })).toMatchObject({
          ok: false,
          error,
        });
        expect(await accepted()).toEqual([]);
      },
    );

    it.each([
      [undefined],
      [null],
      [{}],
      [{ version }],
      [{ entityID: entityId("ada"), version: "" }],
      [{ entityID: entityId("ada"), version: 1 }],
      [{ entityID: entityId("ada"), version: "v".repeat(65) }],
      [[version]],
    ])("an acceptance that is none (%j) is refused", async (wrong) => {
      const user = await newcomer();
      expect(await user.call("acceptTerms", wrong)).toMatchObject({ error: { code: "api/invalid_request" } });
      expect(await accepted()).toEqual([]);
    });

    it("nobody who is not signed in can accept them", async () => {
      const { call } = appUser(bench.app.url);
      expect(await call("acceptTerms", { entityID: input.entityID, version })).toMatchObject({
        error: { code: "session/missing" },
      });
      expect(await accepted()).toEqual([]);
    });
  });
});
