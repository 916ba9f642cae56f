import { unsealData } from "iron-session";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { site } from "@/lib/config/site";
import { loggedName } from "@/lib/http/log-identity";
import type { Result } from "@/lib/result";
import { openDatabase, type Database } from "@/lib/stores/database";
import { sha256 } from "@/lib/stores/seal";
import { SqlAuditStore } from "@/lib/stores/sql-audit-store";
import { entityId } from "@/sandbox/echo/personas/persona";
import { appUser, credentialsEnvironment, startUpstream, type Upstream } from "@/tests/support/app/app-bench";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app/app-process";
import { WALLET } from "@/tests/support/app/call-action";
import { HttpBrowser, beginConnect, redirectOf } from "@/tests/support/app/http-browser";
import { linesUpTo, type LogLine } from "@/tests/support/app/log-lines";
import { compileOperatorCommands, type OperatorCommands } from "@/tests/support/app/operator-command";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { migrateDatabase } from "@/tests/support/database/databases";
import { sharedEngines } from "@/tests/support/database/store-bench";
import { freePort } from "@/tests/support/local-server";
import { approve } from "@/tests/support/sandbox/sandbox-user";

const ADDRESS = "203.0.113.77";
const INPUT = { entityID: entityId("ada"), walletAddress: WALLET };

interface Permit {
  PermitJSON: Record<string, unknown>;
  Signature: string;
}

/** A browser that remembers the ids of its requests. */
class NumberedBrowser extends HttpBrowser {
  readonly ids: string[] = [];

  override async send(url: URL, init: RequestInit): Promise<Response> {
    const answer = await super.send(url, init);
    const id = answer.headers.get("x-request-id");
    if (id !== null) this.ids.push(id);
    return answer;
  }
}

function dataOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.data;
}

let commands: OperatorCommands;

beforeAll(async () => {
  commands = await compileOperatorCommands();
  return () => commands.remove();
});

describe.each(sharedEngines)("a whole visit, on $name", ({ newPlace }) => {
  let upstream: Upstream;
  let app: AppProcess;
  let database: Database;
  let env: Record<string, string>;
  let begin: number;
  let lines: LogLine[];
  let session: string;
  let user: string;
  let userId: string;
  const browser = new NumberedBrowser(ADDRESS);
  /** Everything that may not be read in the log. */
  const canaries: string[] = [ADDRESS, WALLET, WALLET.toLowerCase()];
  let permit: Permit;

  async function whoIsSignedIn(): Promise<void> {
    const [, sealed = ""] = browser.cookies.header(new URL(app.url)).split("session=");
    const { id = "" } = await unsealData<{ id?: string }>(sealed, { password: env["SESSION_SECRET"] ?? "" });
    const row = await database.kysely.selectFrom("sessions").selectAll().executeTakeFirstOrThrow();
    expect(row.id_hash).toBe(sha256(id));
    userId = row.user_id;
    session = loggedName("session", row.id_hash, env["SESSION_SECRET"]);
    user = loggedName("user", userId, env["SESSION_SECRET"]);
    canaries.push(id, row.id_hash, userId);
  }

  async function connect(): Promise<void> {
    const consent = await beginConnect(browser, app.url);
    const callback = await approve(consent, "ada");
    expect(redirectOf(await browser.get(callback))?.search).toBe("");
    canaries.push(consent.searchParams.get("state") ?? "", callback.searchParams.get("code") ?? "");
  }

  beforeAll(async () => {
    const place = await newPlace();
    if (place.url.startsWith("postgres")) await migrateDatabase(place.url);
    const port = await freePort();
    upstream = await startUpstream(appUrl(port));
    env = credentialsEnvironment(upstream, place.url);
    app = await startApp({ port, env });
    database = await openDatabase(place.url);
    return async () => {
      await app.stop();
      await database.kysely.destroy();
      await upstream.close();
      place.remove();
    };
  });

  beforeAll(async () => {
    begin = app.logs().length;
    const { call } = appUser(app.url, browser);
    await browser.get(app.url);
    await browser.submit(new URL("/auth/sign-in", app.url));
    await whoIsSignedIn();
    await connect();
    await (await browser.get(app.url)).text();
    const profile = dataOf(await call<{ EmailAddress?: string }>("getProfile", {}));
    canaries.push(profile.EmailAddress ?? "");
    await call("generatePurchasePermit", { ...INPUT, purpose: "form" });
    if (site.consent) dataOf(await call("acceptTerms", { entityID: INPUT.entityID, version: site.consent.version }));
    permit = dataOf(await call<Permit>("generatePurchasePermit", INPUT));
    canaries.push(permit.Signature);
    await browser.submit(new URL("/auth/disconnect/sonar", app.url));
    await connect();
    await browser.submit(new URL("/auth/sign-out", app.url));
    await (await browser.get(app.url)).text();
    for (const { body, answer } of upstream.gate.passages) {
      canaries.push(
        ...[...`${body}${answer}`.matchAll(/"(?:access_token|refresh_token|code_verifier)":"([^"]+)"/g)].map(
          ([, token = ""]) => token,
        ),
      );
    }
    lines = await linesUpTo(app, begin, "sign-out");
  });

  it("has a line for each thing that the user did", () => {
    const done = lines.map(({ msg }) => msg).filter((msg) => !/^(sonar|oauth)\./.test(msg));
    const connecting = ["connect.begun", "connect.completed"];
    const permits = ["permit.asked", "permit.given"];
    expect(done).toEqual(["sign-in", ...connecting, ...permits, "disconnect", ...connecting, "sign-out"]);
  });

  it("each line says in which request, session and for which user, as keyed hashes", () => {
    expect(lines.length).toBeGreaterThan(12);
    for (const line of lines) expect(line).toMatchObject({ session, user });
    for (const { requestId } of lines) expect(browser.ids).toContain(requestId);
  });

  it("no id, code, state, verifier, token, email, address, wallet or signature can be read in the log", () => {
    const text = app.logs();
    expect(canaries.filter((canary) => canary.length < 8)).toEqual([]);
    expect(new Set(canaries).size).toBeGreaterThanOrEqual(14);
    expect(canaries.filter((canary) => text.includes(canary))).toEqual([]);
  });

  it("is in the audit table, with the bounds of the permit and a keyed hash of the address", async () => {
    const { PermitJSON: json } = permit;
    const bounds = {
      minAmount: String(json["MinAmount"]),
      maxAmount: String(json["MaxAmount"]),
      minPrice: String(json["MinPrice"]),
      maxPrice: String(json["MaxPrice"]),
    };
    const purchase = { entityID: INPUT.entityID, wallet: WALLET };
    const consent = site.consent ? [["consent", { entityID: INPUT.entityID, version: site.consent.version }]] : [];
    const rows = await new SqlAuditStore(database).rowsOf(userId, 0);
    expect(rows.map(({ event, details }) => [event, JSON.parse(details)])).toEqual([
      ["sign-in", {}],
      ["connect", { provider: "sonar" }],
      ...consent,
      ["permit-asked", purchase],
      ["permit-given", { ...purchase, bounds }],
      ["disconnect", { provider: "sonar" }],
      ["connect", { provider: "sonar" }],
      ["sign-out", {}],
    ]);
    const hash = loggedName("address", ADDRESS, env["SESSION_SECRET"]);
    expect(new Set(rows.map(({ address_hmac }) => address_hmac))).toEqual(new Set([hash]));
    for (const { request_id } of rows) expect(browser.ids).toContain(request_id);
    expect(JSON.stringify(rows)).not.toContain(ADDRESS);
    expect(JSON.stringify(rows)).not.toContain(permit.Signature);
  });

  describe("`npm run audit`", () => {
    const audit = (args: readonly string[], changes: Record<string, string> = {}) =>
      commands.run("audit", args, { ...env, APP_URL: app.url, ...changes });

    it("prints a user's rows and hash while the app uses the database", async () => {
      const { exitCode, output } = await audit(["--user", userId]);
      const [head = "", ...rows] = output
        .trimEnd()
        .split("\n")
        .filter((line) => !line.startsWith("Database: "));
      expect([exitCode, head]).toEqual([0, expect.stringContaining(`"user":"${user}"`)]);
      expect(rows).toHaveLength(site.consent ? 8 : 7);
      expect(rows[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}sign-in .*\(request [\da-f-]{36}, address [\w-]{16}\)$/);
      expect(rows.join()).toContain(`wallet=${WALLET}`);
      expect(rows.join()).toMatch(/permit-given .*maxAmount=\d+/);
    });

    it("prints what happened since a time, and nothing for somebody unknown", async () => {
      expect((await audit(["--user", userId, "--since", "2100-01-01"])).output).toMatch(/audit table: 0\.$/m);
      expect((await audit(["--user", "nobody\u001b[31m"])).output).toMatch(/User nobody\ufffd\[31m .*: 0\.$/m);
    });

    it.each([
      ["no user", [], /--user is missing[^]*--help/],
      ["an empty user", ["--user", " "], /--user has an empty value/],
      ["an option that it does not have", ["--usr", "ada"], /'--usr'[^]*--help/],
      ["a time that is none", ["--user", "ada", "--since", "yesterday"], /--since must be a date like/],
    ])("says what is wrong with %s", async (_case, args, problem) => {
      const { exitCode, output } = await audit(args);
      expect([exitCode, output]).toEqual([2, expect.stringMatching(problem)]);
      expect(output).not.toContain("    at ");
    });

    it.each([
      ["a database that does not answer", "postgres://a:b@127.0.0.1:9/c", /DATABASE_URL: nothing listens there/],
      ["a file that does not exist", "file:/nowhere/app.db", /DATABASE_URL: there is no file/],
    ])("says what is wrong with %s", async (_case, url, problem) => {
      const { exitCode, output } = await audit(["--user", "ada"], { DATABASE_URL: url });
      expect([exitCode, output]).toEqual([1, expect.stringMatching(problem)]);
    });
  });

  describe("where a row cannot be written", () => {
    beforeAll(async () => void (await database.kysely.schema.alterTable("audit").renameTo("audit_away").execute()));
    afterAll(async () => void (await database.kysely.schema.alterTable("audit_away").renameTo("audit").execute()));

    it("everything works as before but for a permit, which is not handed out", async () => {
      const start = app.logs().length;
      const visitor = appUser(app.url);
      await visitor.browser.submit(new URL("/auth/sign-in", app.url));
      const consent = await beginConnect(visitor.browser, app.url);
      await visitor.browser.get(await approve(consent, "ada"));
      expect(await visitor.call("getProfile", {})).toMatchObject({ ok: true });
      if (site.consent) await visitor.call("acceptTerms", { entityID: INPUT.entityID, version: site.consent.version });
      upstream.gate.passages.length = 0;
      const refused = await visitor.call("generatePurchasePermit", INPUT);
      expect(refused).toMatchObject({ ok: false, error: { code: "request/unexpected", recovery: "retry" } });
      expect(upstream.gate.passages.map(({ path }) => path)).toContain(ECHO.permit);
      const formed = await visitor.call("generatePurchasePermit", { ...INPUT, purpose: "form" });
      expect(formed).toMatchObject({ ok: true });
      const left = await visitor.browser.submit(new URL("/auth/sign-out", app.url));
      expect(redirectOf(left)?.pathname).toBe("/");
      const problems = (await linesUpTo(app, start, "sign-out")).filter(({ level }) => level >= 40);
      expect(new Set(problems.map(({ msg }) => msg))).toEqual(new Set(["audit.not-written", "unexpected"]));
      expect(problems.filter(({ msg }) => msg === "unexpected")).toHaveLength(1);
    });
  });
});
