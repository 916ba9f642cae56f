import { randomUUID } from "node:crypto";
import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { valuesOf } from "@/scripts/env-file";
import { encryptionKey, NOBODY } from "@/tests/support/app/app-environment";
import { project, startScript } from "@/tests/support/app/env-project";
import { trialEnvironment } from "@/tests/support/live-environment";

const CLIENT = randomUUID();
const SALE = randomUUID();

/** Runs it with all answers at once, as from a pipe. */
async function answer(path: string, ...lines: readonly string[]): Promise<{ output: string; code: unknown }> {
  const { child, output, code } = startScript(path, "setup");
  child.stdin?.end(lines.map((line) => `${line}\n`).join(""));
  return { code: await code, output: output() };
}

/** A site that others cannot reach: only such a one may have an identity provider, a node or a Sonar on this machine. */
const HERE = trialEnvironment.APP_URL;

const NO_LOGIN = "";
const NO_CHAIN = "";

describe("`npm run setup`", () => {
  it("writes the answers and new secrets into the example, for the owner only, and runs the doctor", async () => {
    const { path, env, files } = project();
    // It is for this machine's own runs, not for the site in production that the doctor examines.
    writeFileSync(join(path, ".env.development.local"), "UPSTREAM_TIMEOUT_MS=endless\n");
    const database = "file:.data/own.db";
    const { output } = await answer(
      path,
      "https://sale.example.com",
      CLIENT,
      SALE,
      database,
      NO_LOGIN,
      NO_CHAIN,
      "mailto:a@b.example",
    );
    const values = valuesOf(env());
    const { SESSION_SECRET = "", TOKEN_ENCRYPTION_KEY = "", ...rest } = values;
    expect(rest).toEqual({
      APP_URL: "https://sale.example.com",
      SONAR_CLIENT_UUID: CLIENT,
      SONAR_SALE_UUID: SALE,
      DATABASE_URL: database,
      SUPPORT_URL: "mailto:a@b.example",
    });
    expect([SESSION_SECRET.length, TOKEN_ENCRYPTION_KEY.length]).toEqual([44, 44]);
    expect(output).not.toContain(SESSION_SECRET);
    expect(output).not.toContain(TOKEN_ENCRYPTION_KEY);
    const comments = (text: string) => text.split("\n").filter((line) => line.startsWith("#"));
    expect(comments(env())).toEqual(comments(readFileSync(".env.example", "utf8")));
    expect([statSync(join(path, ".env")).mode & 0o777, files()]).toEqual([
      0o600,
      [".env", ".env.development.local", ".env.example"],
    ]);
    expect(output).toContain("ok    environment: complete, for production.");
    expect(output).toContain("FIX   Sonar's API (127.0.0.2:9): cannot be reached.");
  });

  it("explains each variable, and asks again with the reason after a bad answer", async () => {
    const { path, env } = project();
    // Chains that viem lists have public nodes, which no test may ask.
    const unlisted = "999999999998";
    const wallet = "0xa0ee7a142d267c1f36714e4a8f75612f20a79720";
    const { output } = await answer(
      path,
      ...["http://sale.example.com", "", HERE],
      ...["client", CLIENT, "", SALE, "mysql://db", "file:.data/own.db"],
      ...[`${NOBODY}/?tenant`, NOBODY, "", "our-client", "", "canary"],
      ...["base", unlisted, wallet, "first", "123", "", `${NOBODY}/key`, "rpc.example.com", NOBODY, "0,0215", "0.0215"],
      ...["me", "https://help.example.com"],
    );
    for (const problem of [
      "APP_URL must be an https URL (http is accepted for localhost only).",
      "APP_URL is missing: the address of this site, e.g. https://sale.example.com.",
      "SONAR_CLIENT_UUID must be a UUID like",
      "SONAR_SALE_UUID is missing: your sale",
      "DATABASE_URL must begin with postgres:// or file:.",
      "LOGIN_ISSUER must be a URL without a query.",
      "LOGIN_CLIENT_ID is missing: this site's client id at the identity provider.",
      "LOGIN_CLIENT_SECRET is missing: this site's client secret at the identity provider.",
      "SALE_CHAIN_ID must be a whole number",
      "SALE_FROM_BLOCK must be a whole number",
      "RPC_URLS is missing: no public RPC URL of this chain is known.",
      "PUBLIC_RPC_URLS must be an https URL",
      "SALE_PRICE_TICK must be a decimal number above zero",
      "SUPPORT_URL must be an https or mailto URL.",
    ])
      expect(output).toContain(`  ${problem}`);
    expect(output).toContain("OAuth client UUID: dashboard, Integration tab.");
    expect(valuesOf(env())).toMatchObject({
      ...{ LOGIN_ISSUER: NOBODY, LOGIN_CLIENT_ID: "our-client", LOGIN_CLIENT_SECRET: "canary" },
      ...{ SALE_CHAIN_ID: unlisted, SALE_CONTRACT_ADDRESS: wallet, SALE_FROM_BLOCK: "123", SALE_PRICE_TICK: "0.0215" },
    });
  });

  it("removes with an identity provider or a chain what would be wrong without it", async () => {
    const { path, env } = project(
      [
        ...["APP_URL=https://a.example", `SONAR_CLIENT_UUID=${CLIENT}`, `SONAR_SALE_UUID=${SALE}`],
        ...["LOGIN_ISSUER=https://id.example", "LOGIN_CLIENT_ID=us", "LOGIN_CLIENT_SECRET=canary"],
        ...["SALE_CHAIN_ID=8453", "SALE_CONTRACT_ADDRESS=0xa0ee7a142d267c1f36714e4a8f75612f20a79720", ""],
      ].join("\n"),
    );
    const { output } = await answer(path, "", "", "", "", "-", "-", "");
    const rest = Object.keys(valuesOf(env())).filter((name) => /^(LOGIN|SALE)_/.test(name));
    expect(rest).toEqual([]);
    expect(output).toMatch(
      /Written to \.env: LOGIN_ISSUER, LOGIN_CLIENT_ID, LOGIN_CLIENT_SECRET, SALE_CHAIN_ID, SALE_/,
    );
    expect(output).not.toContain("canary");
  });

  it("keeps values, secrets and lines that are there; what is entered replaces a value, a dash removes it", async () => {
    const key = encryptionKey();
    const before = [
      "# Ours.",
      "APP_URL=https://old.example.com # moved soon",
      `SONAR_CLIENT_UUID=${CLIENT}`,
      `SONAR_SALE_UUID="${SALE}"`,
      "DATABASE_URL='postgres://owner:canary@127.0.0.2:9/app'",
      `SESSION_SECRET=canary-${key}`,
      `TOKEN_ENCRYPTION_KEY=${key}`,
      "SUPPORT_URL=https://help.example.com",
      "OUR_OWN=setting",
      "",
    ].join("\n");
    const { path, env } = project(before);
    writeFileSync(join(path, ".env.local"), "APP_URL=https://other.example.com\n");
    const { output } = await answer(path, "https://new.example.com", "", "", "", NO_LOGIN, NO_CHAIN, "-");
    expect(env()).toBe(
      before
        .replace("APP_URL=https://old.example.com # moved soon", "APP_URL=https://new.example.com")
        .replace("SUPPORT_URL=https://help.example.com", "SUPPORT_URL="),
    );
    expect(output).toContain("Written to .env: APP_URL, SUPPORT_URL.");
    expect(output).toContain("APP_URL is set in .env.local too, which takes precedence over .env.");
    expect(output).toContain("FIX   DATABASE_URL (127.0.0.2:9/app): nothing listens there.");
    expect(output).not.toContain("canary");
  });

  it("keeps what belongs to a value of another file, and says how to remove it", async () => {
    const before = `SALE_CONTRACT_ADDRESS=0xa0ee7a142d267c1f36714e4a8f75612f20a79720\n`;
    const { path, env } = project(before);
    const { output } = await answer(path, "https://a.example", CLIENT, SALE, "file:.data/own.db", NO_LOGIN, NO_CHAIN);
    expect(output).toContain("SALE_CHAIN_ID is missing");
    expect(output).toContain("A dash (-) removes SALE_CONTRACT_ADDRESS.");
    expect(env()).toBe(before);
  });

  it("replaces a secret that is no good only if told so", async () => {
    const before = `APP_URL=https://a.example\nSONAR_CLIENT_UUID=${CLIENT}\nSONAR_SALE_UUID=${SALE}\nSESSION_SECRET=short\n`;
    const { path, env } = project(before);
    const { output } = await answer(path, "", "", "", "", NO_LOGIN, NO_CHAIN, "", "no");
    expect(output).toContain(
      "SESSION_SECRET must have at least 32 characters. Replace it (a new one signs everybody out)?",
    );
    expect(valuesOf(env()).SESSION_SECRET).toBe("short");
    await answer(path, "", "", "", "", NO_LOGIN, NO_CHAIN, "", "y");
    expect(valuesOf(env()).SESSION_SECRET).toHaveLength(44);
  });

  it("makes secrets beside a value of several lines that looks like one, and keeps the file for its group", async () => {
    const other = `OTHER="first\nSESSION_SECRET=inside\nlast"\n`;
    const { path, env } = project(`APP_URL=https://a.example\nSONAR_CLIENT_UUID=${CLIENT}\n${other}`);
    chmodSync(join(path, ".env"), 0o640);
    await answer(path, "", "", SALE, "file:.data/own.db", NO_LOGIN, NO_CHAIN, "");
    const { OTHER, SESSION_SECRET } = valuesOf(env());
    expect([OTHER, SESSION_SECRET?.length]).toEqual(["first\nSESSION_SECRET=inside\nlast", 44]);
    expect(statSync(join(path, ".env")).mode & 0o777).toBe(0o640);
  });

  it("says that others can no longer read the file", async () => {
    const { path } = project(`APP_URL=https://a.example\nSONAR_CLIENT_UUID=${CLIENT}\n`);
    chmodSync(join(path, ".env"), 0o644);
    const { output } = await answer(path, "", "", SALE, "file:.data/own.db", NO_LOGIN, NO_CHAIN, "");
    expect(output).toContain(".env had mode 0644 and has 0600 now: it holds secrets, which nobody else may read.");
  });

  it("asks nothing where the file is a link to nothing, and leaves it", async () => {
    const { path, files } = project();
    symlinkSync("not-mounted", join(path, ".env"));
    const { code, output } = await answer(path, "https://b.example");
    expect([code, output]).toEqual([
      1,
      ".env is a link to not-mounted, which is not there. Make that file, or remove the link; nothing was written.\n",
    ]);
    expect([files(), lstatSync(join(path, ".env")).isSymbolicLink()]).toEqual([[".env", ".env.example"], true]);
  });

  it("ended by the end of its input changes nothing, says so and ends with code 130", async () => {
    const { path, files } = project();
    const { code, output } = await answer(path, "https://b.example", CLIENT);
    expect([code, files()]).toEqual([130, [".env.example"]]);
    expect(output).toContain("nothing was written");
  });

  it("ended by Ctrl-C leaves the file as it was", async () => {
    const before = "APP_URL=https://a.example\n# kept\n";
    const { path, env, files } = project(before);
    const { child, output, code } = startScript(path, "setup");
    child.stdin?.write(`https://b.example\n${CLIENT}\n`);
    await expect.poll(output, { timeout: 30_000 }).toContain("SONAR_SALE_UUID (Enter");
    child.kill("SIGINT");
    await code;
    expect([files(), env()]).toEqual([[".env", ".env.example"], before]);
  });
});
