import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unsealData } from "iron-session";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entityId } from "@/sandbox/echo/personas/make-entity";
import { appUser, openAppBench, type AppBench, type AppUser } from "@/tests/support/app-bench";
import { actionNames } from "@/tests/support/call-action";
import { beginConnect, signIn } from "@/tests/support/connect-over-http";
import { databaseText } from "@/tests/support/database-text";
import { ECHO } from "@/tests/support/echo-endpoints";
import { findSecrets, type Place, type Secret } from "@/tests/support/find-secrets";
import { redirectOf } from "@/tests/support/http-browser";
import { ListeningBrowser } from "@/tests/support/listening-browser";
import { approve } from "@/tests/support/sandbox-user";
import { outdateTokens } from "@/tests/support/stored-tokens";
import { upstreamSecrets } from "@/tests/support/upstream-secrets";

const WALLET = "0x52908400098527886E0F7030069857D2E4169EE7";
const STATIC = ".next/static";

function clientBundle(): Place[] {
  const files = readdirSync(STATIC, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => ({ name, text: readFileSync(join(parentPath, name), "latin1") }));
}

describe("after all that a user can do, and much that goes wrong", () => {
  const places: Place[] = [];
  const secrets: Secret[] = [];
  let bench: AppBench;
  let browser: ListeningBrowser;
  let user: AppUser;

  const lookIntoTables = async (when: string) =>
    void places.push({ name: `tables ${when}`, text: await databaseText(bench.database) });

  const noteSession = async () => {
    const [, sealed = ""] = browser.cookies.header(new URL(bench.app.url)).split("session=");
    const password = bench.env["SESSION_SECRET"] ?? "";
    const { id = "" } = await unsealData<{ id?: string }>(sealed, { password });
    secrets.push({ name: "session id", value: id });
  };

  /** Up to the callback's address, which it returns. */
  async function authorize(): Promise<URL> {
    const consent = await beginConnect(browser, bench.app.url);
    secrets.push({ name: "state", value: consent.searchParams.get("state") ?? "" });
    return approve(consent);
  }

  async function connect(): Promise<void> {
    await browser.get(bench.app.url);
    await signIn(browser, bench.app.url);
    await noteSession();
    const callback = await authorize();
    await lookIntoTables("while connecting");
    await browser.follow(await browser.get(callback));
    await browser.follow(await browser.get(callback));
    await lookIntoTables("while connected");
  }

  /** The page as React's payload. Next asks for its own query parameter first, by a redirect. */
  async function readPayload(): Promise<void> {
    const headers = { RSC: "1" };
    const target = redirectOf(await browser.get(bench.app.url, { headers }));
    if (target) await browser.get(target, { headers });
  }

  async function use(): Promise<void> {
    await readPayload();
    const input = { entityID: entityId("ada"), walletAddress: WALLET };
    for (const action of actionNames()) await user.call(action, input);
    await outdateTokens(bench);
    await browser.get(bench.app.url);
    for (const path of ["/api/health?ready", "/api/commitments", "/nowhere"]) await browser.get(bench.app.url + path);
  }

  async function fail(): Promise<void> {
    const { control } = bench.sandbox;
    for (const status of [400, 401, 500]) {
      await control.setFault({ endpoint: ECHO.exchange, effect: { kind: "status", status }, times: 1 });
      await browser.follow(await browser.get(await authorize()));
    }
    await control.setFault({ endpoint: ECHO.exchange, effect: { kind: "malformed-json" }, when: "after", times: 1 });
    await browser.follow(await browser.get(await authorize()));
    await control.setFault({ endpoint: "*", effect: { kind: "malformed-json" } });
    for (const action of actionNames()) await user.call(action, {});
    await control.setFault({ endpoint: "*", effect: { kind: "status", status: 401 } });
    await browser.get(bench.app.url);
    await control.clearFaults();
  }

  async function leave(): Promise<void> {
    await browser.follow(await browser.get(await authorize()));
    await browser.submit(`${bench.app.url}/auth/disconnect/sonar`);
    await authorize();
    await lookIntoTables("with a connection given up half-way");
    await browser.submit(`${bench.app.url}/auth/sign-out`);
    await browser.get(bench.app.url);
  }

  beforeAll(async () => {
    bench = await openAppBench();
    browser = new ListeningBrowser();
    user = appUser(bench.app.url, browser);
    await connect();
    await use();
    await fail();
    await leave();
    secrets.push(...upstreamSecrets(bench.gate.passages));
    for (const name of ["SESSION_SECRET", "TOKEN_ENCRYPTION_KEY"]) secrets.push({ name, value: bench.env[name] ?? "" });
    const key = Buffer.from(bench.env["TOKEN_ENCRYPTION_KEY"] ?? "", "base64");
    secrets.push({ name: "encryption key's bytes", value: key.toString("hex") });
    for (const suffix of ["", "-wal"]) {
      places.push({ name: `file${suffix}`, text: readFileSync(bench.databaseFile + suffix, "latin1") });
    }
    places.push(...browser.heard, { name: "log", text: bench.app.logs() }, ...clientBundle());
  });
  afterAll(() => bench.close());

  it("no token, verifier, code, state, session id or key can be read anywhere but in the address of the consent page", () => {
    expect(findSecrets(places, secrets)).toEqual(["POST /auth/connect/sonar: state"]);
  });

  it("every kind of secret was there to be found", () => {
    const kinds = ["SESSION_SECRET", "TOKEN_ENCRYPTION_KEY", "access_token", "access_token's signature", "code"];
    const rest = ["code_verifier", "encryption key's bytes", "refresh_token", "session id", "state"];
    expect([...new Set(secrets.map(({ name }) => name))].sort()).toEqual([...kinds, ...rest]);
    // Several of each: the first, a refreshed one, one that was not used.
    for (const kind of ["access_token", "refresh_token", "code", "state", "code_verifier"])
      expect(new Set(secrets.filter(({ name }) => name === kind).map(({ value }) => value)).size).toBeGreaterThan(2);
  });

  it("every place was looked into", () => {
    const text = (prefix: string) => places.filter(({ name }) => name.startsWith(prefix)).map((place) => place.text).join("\n");
    expect(text("GET /")).toContain("Ada Lovelace");
    const payloads = places.filter(({ name, text: answer }) => name === "GET /" && answer.includes("text/x-component"));
    expect(payloads.map((place) => place.text).join()).toContain("Ada Lovelace");
    expect(text("GET /oauth/error")).toContain("oauth/invalid_state");
    expect(text("POST /")).toContain("PermitJSON");
    expect(text("GET /oauth/callback")).toContain("location: ");
    expect(text("log")).toContain("oauth.refresh");
    expect(text("tables while connecting")).toContain("v1.");
    expect(text("tables while connected")).toContain("connected_at");
    expect(text("file-wal") + text("file")).toContain("v1.");
    expect(text("")).toContain("Disconnect Sonar");
  });

  it("a secret that leaks is found, wherever and in whatever form", () => {
    for (const { name, text } of [...places]) {
      for (const secret of secrets) {
        for (const form of [secret.value, encodeURIComponent(secret.value), Buffer.from(secret.value).toString("base64")]) {
          const planted = { name, text: `${text.slice(0, 50)}${form}${text.slice(50, 100)}` };
          expect(findSecrets([planted], [secret])).toEqual([`${name}: ${secret.name}`]);
        }
      }
    }
  });

  it("the client's bundle does not even name the server's variables", () => {
    const names = ["SESSION_SECRET", "TOKEN_ENCRYPTION_KEY", "DATABASE_URL", "code_verifier", "sealed_tokens"];
    const bundle = clientBundle();
    expect(bundle.some(({ text }) => text.includes("Connect with Sonar"))).toBe(true);
    expect(bundle.filter(({ text }) => names.some((name) => text.includes(name))).map(({ name }) => name)).toEqual([]);
  });
});
