import { describe, expect, it, vi } from "vitest";
import { offersConnections } from "@/lib/connections";
import { checkEnv, type Env } from "@/lib/config/env";
import { liveEnvironment, sandboxHere } from "@/tests/support/live-environment";

// A fork may have dropped every provider of the project.
vi.mock("@/lib/providers/index", () => import("@/tests/support/oauth/fixture-providers"));

const split = { SPLIT_CLIENT_ID: "id", SPLIT_CLIENT_SECRET: "secret" };

function envOf(vars: Readonly<Record<string, string>>): Env {
  const check = checkEnv({ ...liveEnvironment, ...vars });
  if (!check.ok) throw new Error(JSON.stringify(check.problems));
  return check.env;
}

describe("pages of a live site lead to the connections", () => {
  const live = { NODE_ENV: "production" };

  it("when a provider besides Sonar is set up", () => {
    expect(offersConnections(envOf({ ...live, ...split }), [])).toBe(true);
  });

  it("not when none is set up, or one only in part", () => {
    expect(offersConnections(envOf(live), ["sonar"])).toBe(false);
    expect(offersConnections(envOf({ ...live, SPLIT_CLIENT_ID: "id" }), [])).toBe(false);
  });

  it("when a connection is left from the time when one was set up", () => {
    expect(offersConnections(envOf(live), ["sonar", "split"])).toBe(true);
  });

  it("not when that provider is no longer part of the site: its connection can only be ended by signing out", () => {
    expect(offersConnections(envOf(live), ["sonar", "dropped"])).toBe(false);
  });
});

it("in development they always do, because the cards name the variables to set", () => {
  expect(offersConnections(envOf({ NODE_ENV: "development" }), [])).toBe(true);
});

it("in the sandbox they do, in production too", () => {
  expect(offersConnections(envOf({ NODE_ENV: "production", ...sandboxHere }), [])).toBe(true);
});
