import { describe, expect, it } from "vitest";
import { processGlobal } from "@/lib/http/process-global";
import { complete, connect } from "@/lib/oauth/flow";
import type { Provider } from "@/lib/oauth/provider";
import { OAUTH_REQUEST_LIFETIME_MS } from "@/lib/pkce-store";
import { fail, success } from "@/lib/result";
import { sharedEngines } from "@/tests/support/database/store-bench";
import { hang, holding, newTokens, notJson, reset, tokenAnswer, withStatus } from "@/tests/support/oauth/token-server";
import { answerJson } from "@/tests/support/local-server";
import { useEngineBench } from "@/tests/support/oauth/engine-bench";

const PATH = "/oauth/callback";
const usedState = fail("oauth/invalid_state");

describe.each(sharedEngines)("connecting, on $name", (storage) => {
  const bench = useEngineBench(storage);

  /** Begins on one instance; returns the state of the URL that the browser is sent to. */
  async function begin(userId: string, returnTo = "/"): Promise<string> {
    const owner = await bench().signIn(userId);
    const { one, provider } = bench();
    const begun = await connect(one.engine, provider, { ...owner, returnTo, deadline: bench().deadline() });
    if (!begun.ok) throw new Error(begun.error.code);
    return new URL(begun.data.url).searchParams.get("state") ?? "";
  }

  /** The callback, on the other instance. */
  async function callback(userId: string, query: Record<string, string>, path = PATH, changes: Partial<Provider> = {}) {
    const { other, provider } = bench();
    const find = () => ({ ...provider, ...changes });
    const connector = await bench().signIn(userId);
    const arrived = { ...connector, path, params: new URLSearchParams(query), pathProvider: "sonar" };
    return complete(other.engine, find, arrived, bench().deadline());
  }

  const exchanges = () => bench().server.exchanges().length;

  it("exchanges the code with the verifier and redirect URI it began with, and returns to where the user came from", async () => {
    const state = await begin("ada", "/connections?a=b");
    expect(await callback("ada", { code: "c1", state })).toEqual(success({ returnTo: "/connections?a=b" }));
    expect(bench().server.exchanges()).toEqual([
      {
        code: "c1",
        code_verifier: expect.stringMatching(/^[\w.~-]{43,128}$/),
        redirect_uri: bench().provider.redirectUri,
      },
    ]);
    expect((await bench().stored("ada"))?.tokens.accessToken).toMatch(/canary$/);
  });

  it("uses a state once: the same callback again makes no second token request, and does no harm", async () => {
    const state = await begin("ada");
    await callback("ada", { code: "c1", state });
    const connection = await bench().stored("ada");
    expect(await callback("ada", { code: "c1", state })).toEqual(usedState);
    expect(exchanges()).toBe(1);
    expect(await bench().stored("ada")).toEqual(connection);
  });

  it("exchanges once when one callback is opened in two tabs at the same time", async () => {
    const state = await begin("ada");
    const results = await Promise.all([1, 2].map(() => callback("ada", { code: "c1", state })));
    expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(results).toContainEqual(usedState);
    expect(exchanges()).toBe(1);
    expect(await bench().stored("ada")).not.toBeNull();
  });

  it("has used the state up before the token request is made", async () => {
    const state = await begin("ada");
    const held = holding(newTokens);
    bench().server.answer = held.answer;
    const first = callback("ada", { code: "c1", state });
    await held.arrived;
    expect(await callback("ada", { code: "c1", state })).toEqual(usedState);
    held.release();
    expect((await first).ok).toBe(true);
  });

  it.each([
    ["400", withStatus(400), "oauth/invalid_grant"],
    ["401", withStatus(401), "oauth/invalid_client"],
    ["500", withStatus(500), "oauth/network_error"],
    ["429", withStatus(429), "oauth/network_error"],
    ["a broken connection", reset, "oauth/network_error"],
    ["no JSON", notJson, "oauth/invalid_response"],
    ["no access token", (_request, response) => answerJson(response, 200, {}), "oauth/invalid_response"],
    [
      "an opaque token",
      (_request, response) => answerJson(response, 200, tokenAnswer({ access_token: "x" })),
      "oauth/invalid_response",
    ],
  ] satisfies [string, typeof newTokens, string][])(
    "that ends in %s fails with its own code, is not tried again, and leaves the earlier connection intact",
    async (_case, answer, code) => {
      const before = await bench().connected("ada", 3_600);
      const state = await begin("ada");
      bench().server.answer = answer;
      expect(await callback("ada", { code: "c1", state })).toMatchObject({ ok: false, error: { code } });
      bench().server.answer = newTokens;
      expect(await callback("ada", { code: "c1", state })).toEqual(usedState);
      expect(exchanges()).toBe(1);
      expect(await bench().stored("ada")).toEqual(before);
    },
  );

  it("that is never answered ends with the deadline, and the state is used up", async () => {
    const state = await begin("ada");
    bench().server.answer = hang;
    const params = new URLSearchParams({ code: "c1", state });
    const { other, provider } = bench();
    const connector = await bench().signIn("ada");
    const result = await complete(
      other.engine,
      () => provider,
      { ...connector, path: PATH, params },
      bench().deadline(200),
    );
    expect(result).toMatchObject({ error: { code: "oauth/network_error", reason: "timeout" } });
    expect(await callback("ada", { code: "c1", state })).toEqual(usedState);
  });

  it("that the user refuses uses the state up without a token request", async () => {
    const before = await bench().connected("ada", 3_600);
    const state = await begin("ada");
    expect(await callback("ada", { error: "access_denied", state })).toEqual(fail("oauth/access_denied"));
    expect(await callback("ada", { code: "c1", state })).toEqual(usedState);
    expect(exchanges()).toBe(0);
    expect(await bench().stored("ada")).toEqual(before);
  });

  it("that names this site's registration as wrong is logged for the operator once a minute: whoever opens the callback writes its query", async () => {
    processGlobal("logged-rarely", () => new Map<string, number>()).clear();
    for (let time = 0; time < 3; time++)
      expect(await callback("ada", { error: "unauthorized_client", state: await begin("ada") })).toEqual(
        fail("oauth/unauthorized_client"),
      );
    expect(bench().log.filter(({ level }) => level === "error")).toEqual([
      { level: "error", event: "oauth.authorize", provider: "sonar", code: "oauth/unauthorized_client" },
    ]);
  });

  it("that took longer than ten minutes fails with that reason, once, without a token request", async () => {
    const state = await begin("ada");
    bench().clock.ahead = OAUTH_REQUEST_LIFETIME_MS;
    expect(await callback("ada", { code: "c1", state })).toEqual(fail("oauth/invalid_state", { reason: "expired" }));
    expect(await callback("ada", { code: "c1", state })).toEqual(usedState);
    expect(exchanges()).toBe(0);
  });

  it.each([
    ["without a state", undefined],
    ["with an unknown state", "unknown"],
    ["with a used state", "used"],
    ["with an expired state", "expired"],
  ] as const)("that is refused %s is explained, and logged for the operator; nothing changes", async (_case, kind) => {
    const before = await bench().connected("ada", 3_600);
    const state = await begin("ada");
    const other = await begin("ada");
    if (kind === "used") await callback("ada", { error: "access_denied", state });
    if (kind === "expired") bench().clock.ahead = OAUTH_REQUEST_LIFETIME_MS;
    const sent: Record<string, string> = kind === undefined ? {} : { state: kind === "unknown" ? kind : state };
    const logged = () => bench().log.filter(({ event }) => event === "oauth.authorize.stray");
    // The process remembers what it has logged within a minute.
    processGlobal("logged-rarely", () => new Map<string, number>()).clear();
    for (let time = 0; time < 2; time++)
      expect(await callback("ada", { error: "unauthorized_client", ...sent })).toEqual(
        fail("oauth/unauthorized_client"),
      );
    expect(logged()).toEqual([
      { level: "error", event: "oauth.authorize.stray", provider: "sonar", code: "oauth/unauthorized_client" },
    ]);
    expect(await callback("ada", { error: "access_denied", ...sent })).toEqual(fail("oauth/access_denied"));
    expect(logged()).toHaveLength(1);
    expect(exchanges()).toBe(0);
    expect(await bench().stored("ada")).toEqual(before);
    if (kind !== "expired") expect((await callback("ada", { code: "c1", state: other })).ok).toBe(true);
  });

  it("cannot be finished by another user, whose try consumes nothing: the owner still finishes", async () => {
    const state = await begin("ada");
    expect(await callback("eve", { code: "c1", state })).toEqual(usedState);
    expect(await callback("eve", { error: "access_denied", state })).toEqual(fail("oauth/access_denied"));
    expect(exchanges()).toBe(0);
    expect((await callback("ada", { code: "c1", state })).ok).toBe(true);
    expect(await bench().stored("eve")).toBeNull();
  });

  it("finishes in both of two tabs that began", async () => {
    const states = [await begin("ada", "/one"), await begin("ada", "/two")];
    const results = await Promise.all(states.map((state) => callback("ada", { code: "c", state })));
    expect(results).toEqual([success({ returnTo: "/one" }), success({ returnTo: "/two" })]);
    expect(exchanges()).toBe(2);
  });

  it("that comes back on another provider's path makes no token request", async () => {
    const state = await begin("ada");
    const result = await callback("ada", { code: "c1", state }, "/oauth/callback/other");
    expect(result).toEqual(fail("oauth/issuer_mismatch"));
    expect(await callback("ada", { code: "c1", state })).toEqual(usedState);
    expect(exchanges()).toBe(0);
  });

  it("that names another issuer makes no token request", async () => {
    const issuer = "https://id.example.com";
    const refused = { code: "c1", state: await begin("ada"), iss: "https://evil.example.com" };
    expect(await callback("ada", refused, PATH, { issuer })).toEqual(fail("oauth/issuer_mismatch"));
    expect(exchanges()).toBe(0);
    const accepted = { code: "c1", state: await begin("ada"), iss: issuer };
    expect((await callback("ada", accepted, PATH, { issuer })).ok).toBe(true);
  });

  it("with an incomplete callback makes no request, and the real one still finishes", async () => {
    const state = await begin("ada");
    const incomplete: Record<string, string>[] = [{ state }, { code: "c1" }, { code: "", state }];
    for (const query of incomplete) {
      expect(await callback("ada", query)).toEqual(fail("oauth/invalid_callback"));
    }
    expect(exchanges()).toBe(0);
    expect((await callback("ada", { code: "c1", state })).ok).toBe(true);
  });

  it("while the user signs out stores nothing, and revokes the new tokens", async () => {
    const state = await begin("ada");
    const held = holding(newTokens);
    bench().server.answer = held.answer;
    const pending = callback("ada", { code: "c1", state });
    await held.arrived;
    await bench().one.sessions.revoke((await bench().signIn("ada")).sessionIdHash);
    held.release();
    expect(await pending).toEqual(fail("session/missing"));
    expect(await bench().stored("ada")).toBeNull();
    expect(bench().revoked).toHaveLength(1);
  });

  it("is logged with code and status, and without a code, state, token or body", async () => {
    const states = [await begin("ada"), await begin("ada"), await begin("ada")];
    for (const [index, answer] of [newTokens, withStatus(400), withStatus(401)].entries()) {
      bench().server.answer = answer;
      await callback("ada", { code: "canary-code", state: states[index] ?? "" });
    }
    const common = { event: "oauth.exchange", provider: "sonar", durationMs: expect.any(Number) };
    expect(bench().log).toEqual([
      { ...common, level: "info" },
      { event: "connect.completed", provider: "sonar", level: "info" },
      { ...common, level: "warn", code: "oauth/invalid_grant", status: 400 },
      { ...common, level: "error", code: "oauth/invalid_client", status: 401 },
    ]);
    const text = JSON.stringify(bench().log);
    for (const secret of ["canary", ...states]) expect(text).not.toContain(secret);
  });

  it("that cannot begin is logged, and nothing is stored", async () => {
    const { one, provider } = bench();
    const begin = () => Promise.resolve(fail("oauth/invalid_response"));
    const mute = { ...provider, oauth: { ...provider.oauth, begin } };
    const owner = await bench().signIn("ada");
    const begun = await connect(one.engine, mute, { ...owner, returnTo: "/", deadline: bench().deadline() });
    expect(begun).toEqual(fail("oauth/invalid_response"));
    expect(bench().log).toEqual([
      { event: "oauth.begin", level: "warn", provider: "sonar", code: "oauth/invalid_response" },
    ]);
    expect(await one.database.kysely.selectFrom("transactions").selectAll().execute()).toEqual([]);
  });
});
