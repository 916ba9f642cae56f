import { describe, expect, it } from "vitest";
import { checkEnv } from "@/lib/config/env";
import { findProvider } from "@/lib/providers/registry";

const check = checkEnv({
  NODE_ENV: "production",
  SANDBOX: "1",
  SESSION_SECRET: "a-secret-of-more-than-32-characters",
  TOKEN_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64"),
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
