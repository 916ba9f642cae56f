import { describe, expect, it } from "vitest";
import { checkEnv } from "@/lib/config/env";
import { securityText } from "@/lib/security-text";
import { liveEnvironment } from "@/tests/support/live-environment";

const DAY_MS = 24 * 60 * 60 * 1_000;
const FACTS = { contact: "mailto:security@example.com", appUrl: "https://sale.example.com" };

function fieldsOf(text: string): string[][] {
  expect(text).toMatch(/^([A-Za-z-]+: \S[^\r\n]*\r?\n)+$/);
  return text.split(/\r?\n/).flatMap((line) => (line ? [line.split(/: (.*)/s).slice(0, 2)] : []));
}

describe("security.txt, by the rules of RFC 9116,", () => {
  const now = Date.parse("2026-12-01T15:30:00Z");
  const text = securityText({ ...FACTS, policyUrl: "https://sale.example.com/security", now });
  const fields = fieldsOf(text);
  const valuesOf = (name: string) => fields.filter(([one]) => one === name).map(([, value]) => value);

  it("names one contact, its own address and the policy", () => {
    expect(valuesOf("Contact")).toEqual(["mailto:security@example.com"]);
    expect(valuesOf("Canonical")).toEqual(["https://sale.example.com/.well-known/security.txt"]);
    expect(valuesOf("Policy")).toEqual(["https://sale.example.com/security"]);
  });

  it.each([now, now + 200 * DAY_MS, Date.parse("2031-02-28T23:59:59Z")])(
    "expires once, in the future and within a year, whenever it is asked for (%d)",
    (time) => {
      const expires = fieldsOf(securityText({ ...FACTS, now: time })).filter(([name]) => name === "Expires");
      expect(expires).toHaveLength(1);
      const value = expires[0]?.[1] ?? "";
      expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(Date.parse(value)).toBeGreaterThan(time + 30 * DAY_MS);
      expect(Date.parse(value)).toBeLessThan(time + 365 * DAY_MS);
    },
  );

  it("names only https addresses of the web", () => {
    const local = securityText({ ...FACTS, appUrl: "http://localhost:3000", now });
    expect(fieldsOf(local).map(([name]) => name)).toEqual(["Contact", "Expires"]);
  });
});

function problemOf(variable: string, value: string): string | undefined {
  const check = checkEnv({ ...liveEnvironment, [variable]: value });
  return check.ok ? undefined : check.problems.find((one) => one.variable === variable)?.problem;
}

describe("SECURITY_CONTACT", () => {
  it.each(["mailto:security@example.com", "https://example.com/report", "tel:+49-30-1234567"])("may be %s", (value) => {
    expect(problemOf("SECURITY_CONTACT", value)).toBeUndefined();
  });

  it.each([
    "security@example.com",
    "http://example.com/report",
    "http://localhost/report",
    "https://user:password@example.com/",
    "mailto:security",
    "mailto:a@example.com\nExpires: 2000-01-01T00:00:00Z",
    "javascript:alert(1)",
  ])("is not %j", (value) => {
    expect(problemOf("SECURITY_CONTACT", value)).toEqual(expect.any(String));
  });

  it.each(["http://example.com/policy", "mailto:a@example.com", "/security"])(
    "has a policy on https, not %s",
    (value) => {
      expect(problemOf("SECURITY_POLICY_URL", value)).toEqual(expect.any(String));
    },
  );
});
