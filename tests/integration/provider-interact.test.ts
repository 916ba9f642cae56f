import { describe, expect, it } from "vitest";
import { OAUTH_REQUEST_LIFETIME_MS } from "@/lib/pkce-store";
import { setUpProvider } from "@/lib/providers/registry";
import { interact } from "@/lib/providers/interact";
import { fail } from "@/lib/result";
import { databaseText } from "@/tests/support/database/databases";
import { freePort } from "@/tests/support/local-server";
import { callProvider } from "@/tests/support/oauth/openid-bench";
import { openProviderBench } from "@/tests/support/oauth/provider-bench";

const bench = openProviderBench();
const ENTRY = { title: "Note", text: "Something to keep" };

/** Numbers are those of the acceptance checks (providers.md section 5). */
describe("Interact", () => {
  it("is asked for both scopes, and no parameter's name contains a space", async () => {
    const url = await bench().begin("interact");
    expect(url.href).toContain("scope=read_user+write_data");
    expect([...url.searchParams.keys()].filter((name) => /\s/.test(name))).toEqual([]);
  });

  it("a callback without state or code, or with a wrong, used or old one, causes no token request", async () => {
    const good = await bench().callback("interact");
    const without = (name: string) => {
      const url = new URL(good);
      url.searchParams.delete(name);
      return url;
    };
    const wrong = new URL(good);
    wrong.searchParams.set("state", "x".repeat(43));
    const sent = bench().listen();
    expect(await bench().complete(without("state"))).toEqual(fail("oauth/invalid_callback"));
    expect(await bench().complete(without("code"))).toEqual(fail("oauth/invalid_callback"));
    expect(await bench().complete(wrong)).toEqual(fail("oauth/invalid_state"));
    bench().clock.ahead = OAUTH_REQUEST_LIFETIME_MS + 1_000;
    expect(await bench().complete(good)).toEqual(fail("oauth/invalid_state", { reason: "expired" }));
    expect(await bench().complete(good)).toEqual(fail("oauth/invalid_state"));
    expect(sent).toEqual([]);
  });

  it("a repeated callback causes no second token request", async () => {
    const callback = await bench().callback("interact");
    const sent = bench().listen();
    expect(await bench().complete(callback)).toMatchObject({ ok: true });
    expect(await bench().complete(callback)).toEqual(fail("oauth/invalid_state"));
    expect(sent.map(({ url }) => url.pathname)).toEqual(["/oauth/token"]);
    expect(await bench().call("interact", "readUser")).toMatchObject({ ok: true });
  });

  it("tokens are not in the database as text, and a row that was moved does not open", async () => {
    await bench().connected("interact");
    const tokens = await bench().tokens("interact");
    const text = await databaseText(bench().stores.database);
    for (const secret of [tokens?.accessToken, tokens?.refreshToken]) {
      expect(secret).toEqual(expect.stringMatching(/^.{40,}$/));
      for (let at = 0; at + 12 <= (secret ?? "").length; at += 6)
        expect(text).not.toContain(secret?.slice(at, at + 12));
    }
    const move = (change: { provider: string } | { user_id: string }) =>
      bench().stores.database.kysely.updateTable("connections").set(change).execute();
    await move({ provider: "oncehub" });
    expect(await bench().tokens("oncehub")).toBeUndefined();
    await bench().connected("interact");
    await move({ user_id: "eve" });
    expect(await bench().tokens("interact", "eve")).toBeUndefined();
  });

  it("shows the user, and stores an entry", async () => {
    await bench().connected("interact");
    const user = { id: "usr_1815", name: "Ada Lovelace", email: "ada@example.com" };
    expect(await bench().call("interact", "readUser")).toEqual({ ok: true, data: user });
    expect(await bench().call("interact", "writeData", ENTRY)).toMatchObject({ ok: true, data: ENTRY });
  });

  it.each([{}, { title: "", text: "" }, { title: "x".repeat(121), text: "" }, { title: "x" }, null])(
    "refuses entry %#",
    async (entry) => {
      await bench().connected("interact");
      const sent = bench().listen();
      expect(await bench().call("interact", "writeData", entry)).toEqual(fail("api/invalid_request"));
      expect(sent).toEqual([]);
    },
  );

  it("with one permission left out, the other still works, and nothing is refreshed", async () => {
    expect(await bench().complete(await bench().callbackGranting("interact", "read_user"))).toMatchObject({ ok: true });
    const sent = bench().listen();
    expect(await bench().call("interact", "writeData", ENTRY)).toEqual(fail("api/forbidden", { status: 403 }));
    expect(await bench().call("interact", "readUser")).toMatchObject({ ok: true });
    expect(sent.map(({ url }) => url.pathname)).toEqual(["/data", "/user"]);
  });

  it("after Interact has revoked everything, the connection has ended and can be made again", async () => {
    await bench().connected("interact");
    await bench().providers.interact.revokeEverything();
    expect(await bench().call("interact", "readUser")).toMatchObject({
      error: { code: "auth/invalid_refresh_token", recovery: "reconnect" },
    });
    expect(await bench().tokens("interact")).toBeUndefined();
    await bench().connected("interact");
    expect(await bench().call("interact", "readUser")).toMatchObject({ ok: true });
  });

  it.each([
    ["502 as a page", { kind: "html", status: 502 }],
    ["silence", { kind: "hang" }],
    ["a broken connection", { kind: "reset" }],
  ] as const)(
    "a token endpoint that answers with %s ends nothing: tokens are kept, and the next call recovers",
    async (_case, effect) => {
      await bench().connected("interact");
      await bench().outdate("interact");
      await bench().providers.interact.setFault({ endpoint: "/oauth/token", effect, when: "before", times: 1 });
      expect(await bench().call("interact", "readUser")).toMatchObject({
        error: { code: "oauth/network_error", recovery: "retry" },
      });
      expect(await bench().tokens("interact")).toBeDefined();
      await bench().settled();
      bench().clock.ahead = 2_000;
      expect(await bench().call("interact", "readUser")).toMatchObject({ ok: true });
    },
  );

  it("an unreachable token endpoint ends nothing either", async () => {
    await bench().connected("interact");
    await bench().outdate("interact");
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const values = new Map(bench().env.providers.get("interact")?.values).set("INTERACT_URL", nobody);
    const unreachable = setUpProvider(interact, values, "http://localhost:3000");
    const read = { call: "readUser", input: {} };
    const caller = { engine: bench().engine, userId: "ada", deadline: bench().deadline() };
    expect(await callProvider(unreachable, read, caller)).toEqual(
      fail("oauth/network_error", { reason: "unreachable" }),
    );
    expect(await bench().tokens("interact")).toBeDefined();
    bench().clock.ahead = 2_000;
    expect(await bench().call("interact", "readUser")).toMatchObject({ ok: true });
  });
});
