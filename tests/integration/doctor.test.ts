import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { migrate } from "@/lib/stores/migrate";
import { openDatabase } from "@/lib/stores/database";
import { sql } from "kysely";
import { SANDBOX_DEFAULT_CHAIN_ID } from "@/lib/config/sandbox";
import { databasePlace } from "@/scripts/database-place";
import { examine } from "@/scripts/doctor/examine";
import { NOBODY } from "@/tests/support/app/app-environment";
import { createDatabase } from "@/tests/support/database/databases";
import { createDatabaseOn, TLS_ONLY_DATABASE } from "@/tests/support/database/postgres";
import { freePort } from "@/tests/support/local-server";
import { answering } from "@/tests/support/oauth/standard-bench";
import { APP_URL, hostOf, lineOf, openDoctorBench, serve, type Settings } from "@/tests/support/sandbox/doctor-bench";

const bench = openDoctorBench();

it("a healthy set-up has a good line for each part, and nothing to fix", async () => {
  const found = await bench.findings();
  expect(found.filter(({ level }) => level === "fix")).toEqual([]);
  expect(found.filter(({ level }) => level === "ok").map(lineOf)).toEqual([
    "environment: complete, for production.",
    `DATABASE_URL (${databasePlace(bench.setting("DATABASE_URL"))}): reached, and migrated.`,
    expect.stringMatching(/^Sonar's API \(127\.0\.0\.1:\d+\): knows the sale \(\d+ commitments so far\)\.$/),
    "connecting Sonar: client and redirect URI are accepted, as far as shows before a sign-in.",
    `RPC_URLS (${hostOf(bench.sandbox.rpcUrl)}): answers, on chain ${SANDBOX_DEFAULT_CHAIN_ID}.`,
    `PUBLIC_RPC_URLS (${hostOf(bench.sandbox.rpcUrl)}): answers, pages of this site too, on chain ${SANDBOX_DEFAULT_CHAIN_ID}.`,
    'sale contract: version 2.0.0, stage "commitment".',
    "permit signer: is set.",
    "payment tokens: USDC (6 decimals), USDT (6 decimals).",
    "Multicall3: is deployed.",
    `clock: agrees with the database and ${hostOf(bench.sandbox.origin)}.`,
  ]);
});

it("a sale that is not announced yet is no fault", async () => {
  const found = await bench.findings({ SALE_CHAIN_ID: "", SALE_CONTRACT_ADDRESS: "" });
  expect(found.filter(({ level }) => level === "fix")).toEqual([]);
  expect(found.filter(({ level }) => level === "note").map(lineOf)).toContain(
    "sale contract: SALE_CHAIN_ID and SALE_CONTRACT_ADDRESS are not both set. Until they are, the site offers no wallet.",
  );
});

describe("what a trial may have and a real sale should not", () => {
  const texts = "terms and privacy: their pages still say that they are an example.";
  const anybody = "signing in: LOGIN_ISSUER is not set: everybody who signs in becomes a new demo user, unless";
  const notes = async (legalNotice: string, changes: Settings = {}) => {
    const found = await bench.findings(changes, { legalNotice });
    const lines = found.filter(({ level }) => level === "note").map(lineOf);
    return [texts, anybody].map((beginning) => lines.some((line) => line.startsWith(beginning)));
  };

  it("is noted: sign-in for everybody, and the example's legal texts", async () => {
    expect(await notes("An example.")).toEqual([true, true]);
    expect(await notes("")).toEqual([false, true]);
    const login = { LOGIN_ISSUER: NOBODY, LOGIN_CLIENT_ID: "us", LOGIN_CLIENT_SECRET: "canary" };
    expect(await notes("", login)).toEqual([false, false]);
  });

  it("is nothing to note in the sandbox", async () => {
    const { port, rpcUrl } = bench.sandbox;
    const sandbox = { SANDBOX: "1", SANDBOX_PORT: String(port), RPC_URLS: rpcUrl, PUBLIC_RPC_URLS: "" };
    expect(await notes("An example.", sandbox)).toEqual([false, false]);
  });
});

describe("with the sandbox", () => {
  const development = (port: number | string): Settings => ({
    NODE_ENV: "development",
    SANDBOX_PORT: String(port),
    DATABASE_URL: "file::memory:",
  });

  it("the running one is checked like the real services", async () => {
    const settings = { ...development(bench.sandbox.port), APP_URL, RPC_URLS: bench.sandbox.rpcUrl };
    const found = await examine(settings);
    expect(found.filter(({ level }) => level === "fix")).toEqual([]);
    expect(found.map(lineOf)).toContain(`sandbox (${hostOf(bench.sandbox.origin)}): runs.`);
    expect(found.map(lineOf)).toContain("permit signer: is set.");
  });

  it("one that does not run is named, and how to start it", async () => {
    const port = await freePort();
    const found = await examine(development(port));
    expect(found.filter(({ level }) => level === "fix").map(lineOf)).toEqual([
      `sandbox (127.0.0.1:${port}): does not run. Start it with \`npm run dev\`, or alone with \`npm run sandbox\`; ` +
        "for a real sale, set SONAR_CLIENT_UUID and SONAR_SALE_UUID.",
    ]);
  });

  it("another program on its port is not taken for it", async () => {
    const other = await serve(answering({ hello: "world" }));
    const [fault = ""] = (await examine(development(new URL(other.origin).port))).map(lineOf).slice(2);
    expect(fault).toContain("another program uses this port");
  });
});

describe("a fault is named, and nothing else", () => {
  describe("environment", () => {
    it("every problem of the variables", async () => {
      expect(
        await bench.faults({ APP_URL: "http://sale.example.com", SESSION_SECRET: "short", SONAR_SALE_UUID: "" }),
      ).toEqual([
        "environment: APP_URL must be an https URL (http is accepted for localhost only).",
        "environment: SESSION_SECRET must have at least 32 characters.",
        "environment: SONAR_SALE_UUID is missing: your sale, from Echo's founder dashboard.",
      ]);
    });

    it("secrets are missed for a public address, also without NODE_ENV", async () => {
      const published = { NODE_ENV: "", APP_URL: "https://sale.example.com", SESSION_SECRET: "" };
      expect((await bench.faults(published)).join()).toContain("SESSION_SECRET is missing");
    });
  });

  describe("database", () => {
    it("no server", async () => {
      const port = await freePort();
      expect(await bench.faults({ DATABASE_URL: `postgres://owner:canary@127.0.0.1:${port}/app` })).toEqual([
        `DATABASE_URL (127.0.0.1:${port}/app): nothing listens there. Start the database, or correct host and port.`,
      ]);
    });

    it("a server that does not answer", async () => {
      const silent = createServer().listen(await freePort(), "127.0.0.1");
      onTestFinished(() => void silent.close());
      await once(silent, "listening");
      const url = `postgres://owner:canary@127.0.0.1:${(silent.address() as AddressInfo).port}/app`;
      expect((await bench.faults({ DATABASE_URL: url }, { patienceMs: 500 }))[0]).toBe(
        `DATABASE_URL (${databasePlace(url)}): it does not answer in time. Check host and port, and the firewall between.`,
      );
    });

    it("a server that is no Postgres", async () => {
      const site = await serve(answering({}));
      const url = `postgres://owner:canary@${hostOf(site.origin)}/app`;
      expect((await bench.faults({ DATABASE_URL: url })).join()).toContain("it cannot be used");
    });

    it("a wrong password", async () => {
      const url = Object.assign(new URL(bench.setting("DATABASE_URL")), { password: "canary" }).href;
      expect(await bench.faults({ DATABASE_URL: url })).toEqual([
        `DATABASE_URL (${databasePlace(url)}): the user or password is refused. Correct them. Special characters in user and password must be in percent form: # as %23, @ as %40, $ as %24.`,
      ]);
    });

    it("no database of that name", async () => {
      const url = Object.assign(new URL(bench.setting("DATABASE_URL")), { pathname: "/nowhere" }).href;
      expect(await bench.faults({ DATABASE_URL: url })).toEqual([
        `DATABASE_URL (${databasePlace(url)}): there is no database of that name. Create it, or correct the name.`,
      ]);
    });

    it("no migrations, unless the app applies them when it starts", async () => {
      const url = await createDatabase();
      expect(await bench.faults({ DATABASE_URL: url })).toEqual([
        `DATABASE_URL (${databasePlace(url)}): reached, but it lacks migrations. Run \`npm run db:migrate\`, or set MIGRATE_ON_START=1.`,
      ]);
      expect(await bench.faults({ DATABASE_URL: url, MIGRATE_ON_START: "1" })).toEqual([]);
    });

    it("a database that takes no writes", async () => {
      const url = await createDatabase();
      const { kysely } = await openDatabase(url);
      await migrate(kysely);
      const name = new URL(url).pathname.slice(1);
      await sql`alter database ${sql.id(name)} set default_transaction_read_only = on`.execute(kysely);
      await kysely.destroy();
      expect(await bench.faults({ DATABASE_URL: url })).toEqual([
        `DATABASE_URL (${databasePlace(url)}): reached, but it takes no writes: it is read-only, or a replica. Name the primary server, or end the fail-over or the write block.`,
      ]);
    });

    it("a connection without TLS to a server that demands it", async () => {
      const url = await createDatabaseOn(inject("postgresUrl"), TLS_ONLY_DATABASE);
      const [fault, ...others] = await bench.faults({ DATABASE_URL: url });
      expect(fault).toContain(
        "the server does not let this user in from this machine without encryption. Add sslmode=verify-full to the URL's query",
      );
      expect(others).toEqual([]);
    });

    it("TLS to a server that has none", async () => {
      const url = `${bench.setting("DATABASE_URL")}?sslmode=verify-full`;
      expect(await bench.faults({ DATABASE_URL: url })).toEqual([
        `DATABASE_URL (${databasePlace(url)}): the server offers no encryption. Switch TLS on there, or remove sslmode if no network lies between the two.`,
      ]);
    });

    it("a direct connection of its own for migrations", async () => {
      const url = `postgres://owner:canary@127.0.0.1:${await freePort()}/app`;
      expect(await bench.faults({ DATABASE_DIRECT_URL: url })).toEqual([
        `DATABASE_DIRECT_URL (${databasePlace(url)}): nothing listens there. Start the database, or correct host and port.`,
      ]);
    });
  });

  describe("Sonar", () => {
    it("an API that is down", async () => {
      const found = await bench.faults({ SONAR_API_URL: NOBODY });
      expect(found).toEqual([
        "Sonar's API (127.0.0.1:9): cannot be reached. Check the address, and this machine's network.",
        "connecting Sonar: its token endpoint cannot be reached. Check the address, and this machine's network.",
      ]);
    });

    it("an API that has an error of its own", async () => {
      const broken = await serve(answering({}, 503));
      expect((await bench.faults({ SONAR_API_URL: broken.origin }))[0]).toBe(
        `Sonar's API (${hostOf(broken.origin)}): answers with an error of its own (503). Nothing is wrong here; run this again later.`,
      );
    });

    it("another site in the API's place", async () => {
      const site = await serve((_request, response) => void response.writeHead(404).end("<h1>Not found</h1>"));
      expect((await bench.faults({ SONAR_API_URL: site.origin }))[0]).toContain("answers, but not as Sonar's API does");
    });

    it("an unknown sale", async () => {
      const found = await bench.faults({ SONAR_SALE_UUID: randomUUID() });
      expect(found[0]).toMatch(/^Sonar's API \(.+\): does not know the sale of SONAR_SALE_UUID\. Copy it again/);
    });

    it("a sale on Solana", async () => {
      const solana = "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM";
      const amounts = [{ Wallet: solana, Token: solana, Amount: 5 }];
      const echo = await serve(answering({ TotalCommitmentAmount: 5, Commitments: [{ Amounts: amounts }] }));
      expect((await bench.faults({ SONAR_API_URL: echo.origin }))[0]).toBe(
        `Sonar's API (${hostOf(echo.origin)}): says that this sale is on Solana. This app supports sales on EVM chains only.`,
      );
      expect(await bench.faults({ SALE_CONTRACT_ADDRESS: solana })).toEqual([
        "environment: SALE_CONTRACT_ADDRESS is an address on Solana: this app supports sales on EVM chains only.",
      ]);
    });

    it("an unknown client", async () => {
      expect(await bench.faults({ SONAR_CLIENT_UUID: randomUUID() })).toEqual([
        "connecting Sonar: the client is unknown. Correct SONAR_CLIENT_UUID.",
      ]);
    });

    it("a redirect URI that is not registered", async () => {
      expect(await bench.faults({ APP_URL: "http://localhost:3999" })).toEqual([
        "connecting Sonar: the redirect URI is not registered. Register http://localhost:3999/oauth/callback there, letter for letter.",
      ]);
    });
  });
});

describe("`npm run doctor`", () => {
  /** Runs it as an operator does. */
  function run(changes: Settings): Promise<{ code: unknown; output: string }> {
    const { PATH = "", HOME = "" } = process.env;
    const env = { PATH, HOME, ...bench.settings(changes) } as unknown as NodeJS.ProcessEnv;
    return new Promise((resolve) => {
      execFile("npm", ["run", "--silent", "doctor"], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, output: stdout + stderr }),
      );
    });
  }

  it("prints a line for each part and ends with code 0", async () => {
    const { code, output } = await run({});
    expect([code, output.trim().split("\n").at(-1)]).toEqual([0, "Nothing to fix."]);
  });

  it("ends with code 1 if something is to be fixed, and prints no secret and no key", async () => {
    const dead = await serve((_request, response) => void response.destroy());
    const faulty = {
      DATABASE_URL: `postgres://owner:canary-password@${hostOf(dead.origin)}/app`,
      RPC_URLS: `${dead.origin}/canary-key?key=canary,${bench.setting("RPC_URLS")}`,
      SONAR_API_URL: dead.origin,
    };
    const { code, output } = await run(faulty);
    expect(code).toBe(1);
    expect(output).toMatch(/^FIX {3}RPC_URLS 1 /m);
    expect(output).toMatch(/^\d+ to fix\.$/m);
    expect(output).not.toContain("canary");
  });
});
