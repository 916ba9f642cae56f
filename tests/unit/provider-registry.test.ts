import { describe, expect, it } from "vitest";
import { checkEnv } from "@/lib/config/env";
import { findProvider } from "@/lib/providers/registry";
import { liveEnvironment } from "@/tests/support/live-environment";

const check = checkEnv({
  NODE_ENV: "production",
  SANDBOX: "1",
  SESSION_SECRET: liveEnvironment.SESSION_SECRET,
  TOKEN_ENCRYPTION_KEY: liveEnvironment.TOKEN_ENCRYPTION_KEY,
});
if (!check.ok) throw new Error("The environment of this test is not valid");
const { env } = check;

describe("findProvider", () => {
  it("finds Sonar with the settings of the environment", () => {
    expect(findProvider(env, "sonar")).toMatchObject({ id: "sonar", redirectUri: env.sonar.redirectUri });
  });

  it.each(["", "Sonar", "unknown", "__proto__", "constructor", "toString", "hasOwnProperty"])("%j is none", (id) => {
    expect(findProvider(env, id)).toBeUndefined();
  });
});
