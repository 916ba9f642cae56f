import { describe, expect, it } from "vitest";
import { offersConnections } from "@/lib/connections";
import { checkEnv, type Env } from "@/lib/config/env";
import { liveEnvironment } from "@/tests/support/live-environment";

const rakomi = { RAKOMI_CLIENT_ID: "id", RAKOMI_CLIENT_SECRET: "secret" };

function envOf(vars: Readonly<Record<string, string>>): Env {
  const check = checkEnv({ ...liveEnvironment, ...vars });
  if (!check.ok) throw new Error(JSON.stringify(check.problems));
  return check.env;
}

describe("pages of a live site lead to the connections", () => {
  const live = { NODE_ENV: "production" };

  it("when a provider besides Sonar is set up", () => {
    expect(offersConnections(envOf({ ...live, ...rakomi }), [])).toBe(true);
  });

  it("not when none is set up, or one only in part", () => {
    expect(offersConnections(envOf(live), ["sonar"])).toBe(false);
    expect(offersConnections(envOf({ ...live, RAKOMI_CLIENT_ID: "id" }), [])).toBe(false);
  });

  it("when a connection is left from the time when one was set up", () => {
    expect(offersConnections(envOf(live), ["sonar", "rakomi"])).toBe(true);
  });
});

it("in development they always do, because the cards name the variables to set", () => {
  expect(offersConnections(envOf({ NODE_ENV: "development" }), [])).toBe(true);
});

it("in the sandbox they do, in production too", () => {
  expect(offersConnections(envOf({ NODE_ENV: "production", SANDBOX: "1" }), [])).toBe(true);
});
