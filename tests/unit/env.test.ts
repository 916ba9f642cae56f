import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkEnv, type Env } from "@/lib/config/env";
import { ownSamples } from "@/lib/config/own-settings";
import { SANDBOX_CLIENT_UUID, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { liveEnvironment, sandboxHere } from "@/tests/support/live-environment";

type Source = Record<string, string | undefined>;

const production = liveEnvironment;

const development = {
  NODE_ENV: "development",
  SESSION_SECRET: production.SESSION_SECRET,
  TOKEN_ENCRYPTION_KEY: production.TOKEN_ENCRYPTION_KEY,
  ...ownSamples,
};

function envOf(source: Source): Env {
  const check = checkEnv(source);
  if (!check.ok) throw new Error(JSON.stringify(check.problems));
  return check.env;
}

function variablesWithProblems(source: Source): string[] {
  const check = checkEnv(source);
  return check.ok ? [] : check.problems.map(({ variable }) => variable);
}

function problemOf(variable: string, value: string): string | undefined {
  const check = checkEnv({ ...production, [variable]: value });
  return check.ok ? undefined : check.problems.find((one) => one.variable === variable)?.problem;
}

describe("checkEnv", () => {
  it("accepts a full production environment", () => {
    expect(envOf(production)).toMatchObject({
      appUrl: "https://sale.example.com",
      production: true,
      sonar: { clientUUID: production.SONAR_CLIENT_UUID, redirectUri: "https://sale.example.com/oauth/callback" },
      databaseUrl: "file:.data/app.db",
      upstreamTimeoutMs: 10_000,
    });
  });

  it("reports every problem at once, invalid and missing variables together", () => {
    const source = {
      ...ownSamples,
      NODE_ENV: "production",
      VERCEL: "1",
      APP_URL: "ftp://sale.example.com",
      SONAR_CLIENT_UUID: "no-uuid",
      SESSION_SECRET: "too short",
      SALE_CONTRACT_ADDRESS: "0x12",
      PORT: "http",
    };
    expect(variablesWithProblems(source).sort()).toEqual([
      "APP_URL",
      "DATABASE_URL",
      "PORT",
      "SALE_CONTRACT_ADDRESS",
      "SESSION_SECRET",
      "SONAR_CLIENT_UUID",
      "SONAR_SALE_UUID",
      "TOKEN_ENCRYPTION_KEY",
    ]);
  });

  it("reports a missing sale in development although the client id is invalid too", () => {
    const source = { ...development, SONAR_CLIENT_UUID: "no-uuid" };
    expect(variablesWithProblems(source)).toEqual(["SONAR_CLIENT_UUID", "SONAR_SALE_UUID"]);
  });

  it("names a variable once, however much is wrong with it", () => {
    expect(variablesWithProblems({ ...production, SALE_CONTRACT_ADDRESS: "0x000" })).toEqual(["SALE_CONTRACT_ADDRESS"]);
    expect(variablesWithProblems({ ...production, APP_URL: "<your address>" })).toEqual(["APP_URL"]);
  });

  it.each(["", "   "])("takes an empty variable (%j) for one that is not set", (empty) => {
    const env = envOf({ ...production, DATABASE_URL: empty, SANDBOX: empty, SALE_OPENS_AT: empty, RPC_URLS: empty });
    expect(env.sale).toEqual({});
    expect(variablesWithProblems({ ...production, SESSION_SECRET: empty })).toEqual(["SESSION_SECRET"]);
  });

  it("never shows the value of a variable", () => {
    const names = [
      ...["APP_URL", "SONAR_CLIENT_UUID", "SONAR_SALE_UUID", "SONAR_REDIRECT_URI", "SONAR_API_URL", "EXPLORER_URL"],
      ...["SONAR_FRONTEND_URL", "SESSION_SECRET", "TOKEN_ENCRYPTION_KEY", "DATABASE_URL", "SALE_CHAIN_ID", "SANDBOX"],
      ...["SALE_CONTRACT_ADDRESS", "SALE_OPENS_AT", "SALE_CLOSES_AT", "SUPPORT_URL", "UPSTREAM_TIMEOUT_MS", "PORT"],
      "UPSTREAM_MAX_BYTES",
      ...[
        "RPC_URLS",
        "PUBLIC_RPC_URLS",
        "SALE_FROM_BLOCK",
        "SALE_PRICE_TICK",
        "DATABASE_DIRECT_URL",
        "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY",
      ],
      ...[
        "RATE_SIGN_IN_PER_MINUTE",
        "RATE_CONNECT_PER_MINUTE",
        "RATE_CONNECT_PER_ADDRESS_PER_MINUTE",
        "RATE_CALLBACK_PER_ADDRESS_PER_MINUTE",
        "TRUSTED_PROXIES",
        "SHUTDOWN_DRAIN_MS",
        "SHUTDOWN_MS",
        "RATE_READS_PER_MINUTE",
        "RATE_PERMIT_PER_MINUTE",
        "SANDBOX_PORT",
      ],
    ];
    const canary = "canary-5d1e";
    const source = { ...ownSamples, ...Object.fromEntries(names.map((name) => [name, canary])) };
    const check = checkEnv({ ...source, NODE_ENV: "production" });
    expect(variablesWithProblems({ ...source, NODE_ENV: "production" }).sort()).toEqual([...names].sort());
    expect(JSON.stringify(check)).not.toContain(canary);
  });
});

describe("each variable", () => {
  it.each([
    ["SONAR_CLIENT_UUID", "00000000-0000-0000-0000-000000000000"],
    ["SALE_CONTRACT_ADDRESS", "0x0000000000000000000000000000000000000000"],
    ["SALE_CONTRACT_ADDRESS", "0x000"],
    ["SESSION_SECRET", "<openssl rand -base64 32, 32 characters or more>"],
    ["SESSION_SECRET", "change-me-change-me-change-me-change-me"],
    ["SONAR_SALE_UUID", "<sale-uuid>"],
    ["TOKEN_ENCRYPTION_KEY", "<32 bytes>"],
  ])("%s refuses the placeholder %s", (variable, value) => {
    expect(problemOf(variable, value)).toContain("placeholder");
  });

  it.each([
    ["APP_URL", "sale.example.com"],
    ["APP_URL", "http://sale.example.com"],
    ["APP_URL", "https://sale.example.com/app"],
    ["APP_URL", "https://sale.example.com/?a=1"],
    ["APP_URL", "javascript:alert(1)"],
    ["SONAR_API_URL", "https://api.example.com/v1"],
    ["SONAR_REDIRECT_URI", "http://sale.example.com/oauth/callback"],
    ["SONAR_CLIENT_UUID", "1b4e28ba-2fa1-41d2-883f"],
    ["SONAR_SALE_UUID", "1b4e28ba-2fa1-41d2-883f-0016d3cca4270"],
    ["SONAR_SALE_UUID", "1b4e-28ba2fa141d2-883f-0016d3cca427"],
    ["SALE_CONTRACT_ADDRESS", "123456789012345678901234567890123456789"],
    ["SALE_CONTRACT_ADDRESS", `0x${"g".repeat(40)}`],
    ["SESSION_SECRET", "x".repeat(31)],
    ["TOKEN_ENCRYPTION_KEY", Buffer.alloc(31, 7).toString("base64")],
    ["TOKEN_ENCRYPTION_KEY", "not base64 at all, but of some length"],
    ["TOKEN_ENCRYPTION_KEY", `${production.TOKEN_ENCRYPTION_KEY},short`],
    ["DATABASE_URL", "mysql://localhost/app"],
    ["DATABASE_URL", "./app.db"],
    ["DATABASE_DIRECT_URL", "nonsense"],
    ["DATABASE_DIRECT_URL", "file:.data/app.db"],
    ["NEXT_SERVER_ACTIONS_ENCRYPTION_KEY", Buffer.alloc(31, 7).toString("base64")],
    ["NEXT_SERVER_ACTIONS_ENCRYPTION_KEY", Buffer.alloc(32, 255).toString("base64url")],
    ["FORM_ACTION_ORIGINS", "https://login.example.com/realm"],
    ["FORM_ACTION_ORIGINS", "https://login.example.com, http://login.example.com"],
    ["SALE_OPENS_AT", "soon"],
    ["SALE_CHAIN_ID", "1.5"],
    ["SALE_CHAIN_ID", "-1"],
    ["SUPPORT_URL", "javascript:alert(1)"],
    ["UPSTREAM_TIMEOUT_MS", "1e4"],
    ["UPSTREAM_TIMEOUT_MS", "499"],
    ["RATE_READS_PER_MINUTE", "many"],
    ["SANDBOX", "yes"],
    ["PORT", "65536"],
  ])("%s refuses %s", (variable, value) => {
    expect(problemOf(variable, value)).toEqual(expect.any(String));
  });

  it("APP_URL is taken as an origin, without the slash at its end", () => {
    expect(envOf({ ...production, APP_URL: "https://Sale.example.com/" }).appUrl).toBe("https://sale.example.com");
  });

  it("http is accepted for this machine, so that development needs no certificate", () => {
    expect(envOf({ ...production, APP_URL: "http://localhost:3000" }).appUrl).toBe("http://localhost:3000");
  });

  it("TOKEN_ENCRYPTION_KEY may list several keys, and keeps their order", () => {
    const keys = [1, 2].map(() => randomBytes(32).toString("base64"));
    expect(envOf({ ...production, TOKEN_ENCRYPTION_KEY: keys.join(", ") }).tokenEncryptionKeys).toEqual(keys);
  });

  it.each([16, 24, 32])("NEXT_SERVER_ACTIONS_ENCRYPTION_KEY may have %d bytes", (length) => {
    const key = randomBytes(length).toString("base64");
    expect(problemOf("NEXT_SERVER_ACTIONS_ENCRYPTION_KEY", key)).toBeUndefined();
  });

  it("the times of the sale are read as numbers", () => {
    const source = { ...production, SALE_OPENS_AT: "2026-12-01T12:00:00Z" };
    expect(envOf(source).sale).toEqual({ opensAt: Date.UTC(2026, 11, 1, 12) });
  });
});

describe("rules across variables", () => {
  it.each([
    ["SESSION_SECRET", {}],
    ["TOKEN_ENCRYPTION_KEY", {}],
    ["APP_URL", {}],
    ["SONAR_CLIENT_UUID", {}],
    ["SONAR_SALE_UUID", {}],
    ["SESSION_SECRET", sandboxHere],
    ["TOKEN_ENCRYPTION_KEY", sandboxHere],
  ])("production demands %s (with %j)", (variable, others) => {
    expect(variablesWithProblems({ ...production, ...others, [variable]: undefined })).toEqual([variable]);
  });

  it.each([undefined, "file:.data/app.db"])("Vercel without Postgres (%s) is refused", (databaseUrl) => {
    const source = { ...production, VERCEL: "1", DATABASE_URL: databaseUrl };
    expect(variablesWithProblems(source)).toEqual(["DATABASE_URL"]);
  });

  it("a server migrates over the direct URL where there is one, and only if told to", () => {
    const [DATABASE_URL, DATABASE_DIRECT_URL] = ["pooler", "db"].map(
      (name) => `postgres://${name}.example.com/app?sslmode=verify-full`,
    );
    const pooled = { ...production, DATABASE_URL };
    expect(envOf(pooled)).toMatchObject({ migrateOnStart: false, migrationUrl: DATABASE_URL });
    const direct = envOf({ ...pooled, DATABASE_DIRECT_URL, MIGRATE_ON_START: "1" });
    expect(direct).toMatchObject({
      databaseUrl: DATABASE_URL,
      migrateOnStart: true,
      migrationUrl: DATABASE_DIRECT_URL,
    });
    expect(variablesWithProblems({ ...pooled, MIGRATE_ON_START: "yes" })).toEqual(["MIGRATE_ON_START"]);
  });

  it("Vercel with Postgres is accepted", () => {
    const databaseUrl = "postgres://app@db.example.com/app?sslmode=verify-full";
    expect(envOf({ ...production, VERCEL: "1", DATABASE_URL: databaseUrl }).databaseUrl).toBe(databaseUrl);
  });

  it("a database URL whose password has to be written in percent form is refused, in both variables", () => {
    for (const variable of ["DATABASE_URL", "DATABASE_DIRECT_URL"]) {
      const check = checkEnv({ ...production, [variable]: "postgres://app:p#ss/w@db.example.com/app" });
      expect(check).toMatchObject({ problems: [{ variable, problem: expect.stringContaining("# as %23") }] });
    }
    for (const url of [
      "postgres://app:p%23ss%2Fw@db.example.com/app?sslmode=require",
      "postgres://app:p@/app?host=/var/run/postgresql",
    ])
      expect(envOf({ ...production, DATABASE_URL: url }).databaseUrl).toBe(url);
  });

  it("a redirect URI off APP_URL is refused: the session cookie is not sent there", () => {
    const elsewhere = { ...production, SONAR_REDIRECT_URI: "https://www.sale.example.com/oauth/callback" };
    expect(variablesWithProblems(elsewhere)).toEqual(["SONAR_REDIRECT_URI"]);
  });

  it("in development the origin follows PORT, and the redirect URI the origin", () => {
    const { appUrl, sonar } = envOf({ ...development, PORT: "3456" });
    expect([appUrl, sonar.redirectUri]).toEqual(["http://localhost:3456", "http://localhost:3456/oauth/callback"]);
  });
});

describe("the sandbox is on", () => {
  const client = { SONAR_CLIENT_UUID: production.SONAR_CLIENT_UUID, SONAR_SALE_UUID: production.SONAR_SALE_UUID };

  it.each([
    [true, "in development without credentials", development],
    [false, "in development with credentials", { ...development, ...client }],
    [true, "in development when asked for, credentials or not", { ...development, ...client, SANDBOX: "1" }],
    [true, "in production when asked for by name", { ...production, ...sandboxHere }],
    [false, "in production otherwise", production],
    [false, "where no NODE_ENV is set", { ...production, NODE_ENV: undefined }],
  ])("%s: %s", (expected, _case, source) => {
    expect(envOf(source).sandbox !== undefined).toBe(expected);
  });

  it("never in production because credentials are missing", () => {
    const source = { ...production, SONAR_CLIENT_UUID: undefined };
    expect(variablesWithProblems(source)).toEqual(["SONAR_CLIENT_UUID"]);
  });

  it("never against SANDBOX=0, which then demands credentials", () => {
    expect(variablesWithProblems({ ...development, SANDBOX: "0" })).toEqual(["SONAR_CLIENT_UUID", "SONAR_SALE_UUID"]);
  });

  it("and then nothing is sent to Echo, whatever the other variables say", () => {
    const source = { ...production, ...sandboxHere, SANDBOX_PORT: "4999", SONAR_API_URL: "https://api.example.com" };
    expect(envOf(source).sonar).toEqual({
      clientUUID: SANDBOX_CLIENT_UUID,
      saleUUID: SANDBOX_SALE_UUID,
      redirectUri: "https://localhost:8443/oauth/callback",
      apiUrl: "http://127.0.0.1:4999",
      frontendUrl: "http://127.0.0.1:4999",
    });
  });
});
