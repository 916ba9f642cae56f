import { randomBytes, randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkEnv } from "@/lib/config/env";
import { isGuessableKey, isGuessableText } from "@/lib/config/secret-strength";
import { liveEnvironment } from "@/tests/support/live-environment";

const TYPED = [
  "a".repeat(32),
  "A".repeat(64),
  `${"a".repeat(40)}b`,
  "ab".repeat(16),
  "aAaAaAaAaAaAaAaAaAaAaAaAaAaAaAaA",
  "abcabcabcabcabcabcabcabcabcabcabc",
  "secret".repeat(6),
  "secretsecretsecretsecretsecretse",
  "session-secret-session-secret-session-secret",
  "correct-horse-1correct-horse-2",
  "abcdefghijklmnopqrstuvwxyz012345",
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
  "ZYXWVUTSRQPONMLKJIHGFEDCBA987654321",
  "0123456789012345678901234567890123456789",
  "12345678901234567890123456789012",
  "98765432109876543210987654321098",
  "aabbccddeeffgghhiijjkkllmmnnoopp",
  "acegikmoqsuwyACEGIKMOQSUWY024681",
  "qwertyuiopasdfghjklzxcvbnm123456",
  "QWERTYUIOPASDFGHJKLZXCVBNM1234567890",
  "0123456789abcdef0123456789abcdef",
  "11112222111122221111222211112222",
  "-".repeat(16) + "_".repeat(16),
];

const RANDOM: readonly [string, () => string][] = [
  ["openssl rand -base64 32", () => randomBytes(32).toString("base64")],
  ["openssl rand -hex 32", () => randomBytes(32).toString("hex")],
  ["openssl rand -hex 16", () => randomBytes(16).toString("hex")],
  ["base64url, as development makes them", () => randomBytes(32).toString("base64url")],
  ["32 decimal digits", () => Array.from({ length: 32 }, () => randomInt(10)).join("")],
];

const DRAWS = 2_000;

describe("a secret that was typed, not drawn", () => {
  it.each(TYPED)("is named: %s", (text) => {
    expect(isGuessableText(text)).toBe(true);
    const check = checkEnv({ ...liveEnvironment, SESSION_SECRET: text.padEnd(32, text) });
    expect(check).toMatchObject({
      problems: [{ variable: "SESSION_SECRET", problem: expect.stringContaining("openssl rand -base64 32") }],
    });
    expect(JSON.stringify(check), "and never shown").not.toContain(text);
  });

  it.each(RANDOM)("is never one of %s", (_name, draw) => {
    const refused = Array.from({ length: DRAWS }, draw).filter(isGuessableText);
    expect(refused).toEqual([]);
  });

  it("may be long and written by a person, as long as it follows no simple rule", () => {
    expect(isGuessableText(liveEnvironment.SESSION_SECRET)).toBe(false);
  });
});

describe("a key that was made by hand", () => {
  const KEYS: readonly [string, Buffer][] = [
    ["one byte", Buffer.alloc(32, 7)],
    ["one letter", Buffer.from("a".repeat(32))],
    ["two bytes", Buffer.from("0102".repeat(16), "hex")],
    ["a counter", Buffer.from(Array.from({ length: 32 }, (_, index) => index))],
    ["a counter, downwards", Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index))],
    ["zeros with one bit set", Buffer.concat([Buffer.alloc(31), Buffer.from([1])])],
    ["typed letters", Buffer.from("qwertyuiopasdfghjklzxcvbnm123456")],
    ["the base64 form of a pattern", Buffer.from("abcd".repeat(11).slice(0, 43), "base64")],
  ];

  it.each(KEYS)("of %s is named, in both variables", (_name, bytes) => {
    expect(isGuessableKey(bytes)).toBe(true);
    const value = bytes.toString("base64");
    const good = randomBytes(32).toString("base64");
    for (const [variable, text] of [
      ["TOKEN_ENCRYPTION_KEY", value],
      ["TOKEN_ENCRYPTION_KEY", `${good},${value}`],
      ["NEXT_SERVER_ACTIONS_ENCRYPTION_KEY", value],
    ] as const) {
      const check = checkEnv({ ...liveEnvironment, [variable]: text });
      expect(check).toMatchObject({ problems: [{ variable, problem: expect.stringContaining("openssl rand") }] });
    }
  });

  it.each([16, 24, 32])("is never one of %d random bytes", (length) => {
    expect(Array.from({ length: DRAWS }, () => randomBytes(length)).filter(isGuessableKey)).toEqual([]);
  });
});
