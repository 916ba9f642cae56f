import { beforeAll, expect, it } from "vitest";
import { loggedName } from "@/lib/http/log-identity";
import type { AppBench } from "@/tests/support/app/app-bench";
import { HttpBrowser, redirectOf } from "@/tests/support/app/http-browser";
import { linesSince, linesUpTo } from "@/tests/support/app/log-lines";
import { openLoginBench, signInAt, type LoginBench } from "@/tests/support/app/login-bench";
import type { OpenIdServer } from "@/tests/support/oauth/openid-server";

let login: LoginBench;
let provider: OpenIdServer;
let bench: AppBench;

beforeAll(async () => {
  login = await openLoginBench();
  ({ provider, bench } = login);
  return () => login.close();
});

it("a sign-in through an identity provider is a line with the new session, and a row", async () => {
  const start = bench.app.logs().length;
  await signInAt(login, new HttpBrowser(), "ada");
  const row = await bench.database.kysely.selectFrom("sessions").selectAll().executeTakeFirstOrThrow();
  expect(row.user_id).toBe(`${provider.issuer}|ada`);
  const secret = bench.env["SESSION_SECRET"];
  const who = { session: loggedName("session", row.id_hash, secret), user: loggedName("user", row.user_id, secret) };
  const lines = await linesUpTo(bench.app, start, "sign-in");
  expect(lines.find(({ msg }) => msg === "sign-in")).toMatchObject({ level: 30, ...who });
  expect(bench.app.logs()).not.toContain(row.user_id);
  const audit = await bench.database.kysely.selectFrom("audit").select(["event", "user_id"]).execute();
  expect(audit).toEqual([{ event: "sign-in", user_id: row.user_id }]);
});

it("one that is refused is a line with its code, of nobody", async () => {
  const start = bench.app.logs().length;
  await new HttpBrowser().get(new URL("/auth/login/callback?code=a&state=b", bench.app.url));
  const lines = await linesUpTo(bench.app, start, "sign-in.refused");
  expect(lines).toEqual([
    expect.objectContaining({ level: 40, msg: "sign-in.refused", code: "login/unknown_state", call: "login.callback" }),
  ]);
  expect(lines[0]).not.toHaveProperty("user");
});

it("refusals that a visitor writes into the callback raise the alarm once", async () => {
  const start = bench.app.logs().length;
  for (let time = 0; time < 3; time++) {
    const [browser, before] = [new HttpBrowser(), bench.app.logs().length];
    const state = redirectOf(await browser.submit(new URL("/auth/login", bench.app.url)))?.searchParams.get("state");
    await browser.get(new URL(`/auth/login/callback?error=invalid_request&state=${state}`, bench.app.url));
    await linesUpTo(bench.app, before, "sign-in.refused");
  }
  const lines = linesSince(bench.app, start);
  expect(lines.filter(({ msg }) => msg === "login.exchange").map(({ level }) => level)).toEqual([40, 40, 40]);
  expect(lines.filter(({ level }) => level === 50)).toHaveLength(1);
});

it.each([
  ["the same person", "ada", "session.replaced"],
  ["somebody else", "bob", "sign-out"],
])("%s who signs in over a session ends that one, each line with its own session", async (_who, account, end) => {
  const browser = new HttpBrowser();
  const first = bench.app.logs().length;
  await signInAt(login, browser, "ada");
  await linesUpTo(bench.app, first, "sign-in");
  const start = bench.app.logs().length;
  await signInAt(login, browser, account);
  const [left, entered] = (await linesUpTo(bench.app, start, "sign-in")).filter(({ msg }) =>
    /^s(ign|ession)/.test(msg),
  );
  expect([left?.msg, entered?.msg]).toEqual([end, "sign-in"]);
  expect(left?.session).not.toBe(entered?.session);
  expect(left?.user === entered?.user).toBe(account === "ada");
});
