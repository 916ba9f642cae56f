import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { ownSamples } from "@/lib/config/own-settings";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_CLIENT_UUID, SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { openDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { examine } from "@/scripts/doctor/examine";
import type { Finding } from "@/scripts/doctor/finding";
import { createDatabase } from "@/tests/support/database/databases";
import { startLocalServer, type Handler, type LocalServer } from "@/tests/support/local-server";
import { startTestSandboxWithChain, type TestSandboxWithChain } from "@/tests/support/sandbox/test-sandbox";

/** Variables by name; an empty one counts as not set. */
export type Settings = Readonly<Record<string, string>>;

type Options = Parameters<typeof examine>[1];

/** The address of the site whose set-up is examined. */
export const APP_URL = "http://localhost:3000";

/** A finding as one line. */
export function lineOf({ subject, text }: Finding): string {
  return `${subject}: ${text}`;
}

/** The host of an origin, as findings name it. */
export function hostOf(origin: string): string {
  return new URL(origin).host;
}

/** A server that ends with the test. */
export async function serve(handle: Handler): Promise<LocalServer> {
  const server = await startLocalServer(handle);
  onTestFinished(() => server.close());
  return server;
}

async function migratedDatabase(): Promise<string> {
  const url = await createDatabase();
  const { kysely } = await openDatabase(url);
  await migrate(kysely).finally(() => kysely.destroy());
  return url;
}

/** Production against the sandbox as if it were Echo. Everything secret contains "canary". */
function healthySettings({ origin, rpcUrl }: TestSandboxWithChain, databaseUrl: string): Settings {
  return {
    ...ownSamples,
    NODE_ENV: "production",
    APP_URL,
    DATABASE_URL: databaseUrl,
    SESSION_SECRET: `canary${randomBytes(32).toString("hex")}`,
    TOKEN_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    SONAR_CLIENT_UUID: SANDBOX_CLIENT_UUID,
    SONAR_SALE_UUID: SANDBOX_SALE_UUID,
    SONAR_API_URL: origin,
    SONAR_FRONTEND_URL: origin,
    SALE_CHAIN_ID: String(SANDBOX_DEFAULT_CHAIN_ID),
    SALE_CONTRACT_ADDRESS: SANDBOX_SALE,
    RPC_URLS: `${rpcUrl}/?key=canary`,
    PUBLIC_RPC_URLS: rpcUrl,
  };
}

/** A healthy set-up for the tests of a file, and what `npm run doctor` finds when some of its settings are changed. */
export function openDoctorBench() {
  let sandbox: TestSandboxWithChain | undefined;
  let settings: Settings = {};
  beforeAll(async () => {
    sandbox = await startTestSandboxWithChain({ redirectUris: [`${APP_URL}/oauth/callback`] });
    settings = healthySettings(sandbox, await migratedDatabase());
  });
  afterAll(() => sandbox?.close());
  const findings = (changes: Settings = {}, options?: Options) => examine({ ...settings, ...changes }, options);
  return {
    get sandbox(): TestSandboxWithChain {
      if (!sandbox) throw new Error("The sandbox is not started yet");
      return sandbox;
    },
    /** A setting of the healthy set-up. */
    setting: (variable: string) => settings[variable] ?? "",
    /** The healthy settings with changes. */
    settings: (changes: Settings = {}): Settings => ({ ...settings, ...changes }),
    findings,
    /** The lines of what is to be fixed. */
    faults: async (changes: Settings = {}, options?: Options) =>
      (await findings(changes, options)).filter(({ level }) => level === "fix").map(lineOf),
  };
}
