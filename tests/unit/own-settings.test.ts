import { describe, expect, it, vi } from "vitest";
import { checkEnv } from "@/lib/config/env";
import { envReport } from "@/lib/config/env-rules";
import { environmentSchema } from "@/lib/config/env-schema";
import type * as Own from "@/lib/config/own-settings";
import { publicSettings } from "@/lib/config/public-settings";
import { registeredProviders } from "@/lib/providers/index";
import { liveEnvironment, sandboxHere } from "@/tests/support/live-environment";

vi.mock("@/lib/config/own-settings", () => import("@/tests/support/example-own-settings"));

const { LEDGER_API_KEY: sample, ...live }: Record<string, string> = liveEnvironment;
const key = "a-real-key-of-the-ledger";

function problemsOf(source: Record<string, string>): string[] {
  const check = checkEnv(source);
  return check.ok ? [] : check.problems.map(({ variable, problem }) => `${variable} ${problem}`);
}

describe("a fork's own settings", () => {
  it("are read into the configuration, and only the public ones reach browsers", () => {
    const check = checkEnv({ ...live, LEDGER_API_KEY: key, STATUS_URL: "https://status.example.com/now" });
    if (!check.ok) throw new Error(envReport(check.problems));
    expect(check.env.own).toEqual({
      LEDGER_API_KEY: key,
      STATUS_URL: "https://status.example.com/now",
      ANALYTICS_SITE: "token-sale",
    });
    expect(publicSettings(check.env).own).toEqual({ ANALYTICS_SITE: "token-sale" });
  });

  it("are demanded of a live site, with the place where the value is found", () => {
    expect(problemsOf(live)).toEqual(["LEDGER_API_KEY is missing: from the ledger's settings page"]);
    expect(problemsOf({ ...live, LEDGER_API_KEY: "  " })).toHaveLength(1);
    expect(problemsOf({ ...live, NODE_ENV: "development" })).toHaveLength(1);
  });

  it("have a stand-in in the sandbox, where a value that is set still counts", () => {
    const sandbox = { ...live, ...sandboxHere };
    expect(checkEnv(sandbox)).toMatchObject({ ok: true, env: { own: { LEDGER_API_KEY: sample } } });
    expect(checkEnv({ ...sandbox, LEDGER_API_KEY: key })).toMatchObject({ env: { own: { LEDGER_API_KEY: key } } });
    expect(problemsOf({ ...sandbox, LEDGER_API_KEY: "canary" })).toHaveLength(1);
  });

  it("are reported together with all other problems, without their values", () => {
    const problems = problemsOf({ ...live, LEDGER_API_KEY: "canary", STATUS_URL: "canary", APP_URL: "canary" });
    expect(problems).toEqual([
      expect.stringMatching(/^APP_URL /),
      "LEDGER_API_KEY must have at least 20 characters",
      "STATUS_URL must be an https URL (http is accepted for localhost only)",
    ]);
    expect(problems.join()).not.toContain("canary");
  });
});

describe("the own settings of this site", () => {
  it("have stand-ins that they accept", async () => {
    const { ownSettings, ownSamples } = await vi.importActual<typeof Own>("@/lib/config/own-settings");
    expect(ownSettings.safeParse(ownSamples).error?.issues ?? []).toEqual([]);
  });

  it("have names that nothing else uses", async () => {
    const { ownSettings } = await vi.importActual<typeof Own>("@/lib/config/own-settings");
    const ofProviders = registeredProviders.flatMap(({ variables }) => Object.keys(variables));
    const taken = new Set([...Object.keys(environmentSchema.shape), ...ofProviders]);
    expect(Object.keys(ownSettings.shape).filter((name) => taken.has(name))).toEqual([]);
  });
});
