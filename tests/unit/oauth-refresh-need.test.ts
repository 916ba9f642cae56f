import { describe, expect, it } from "vitest";
import { refreshNeed } from "@/lib/oauth/refresh-decisions";

const obtainedAt = 1_000_000;

function need(lifetime: number, age: number) {
  const tokens = { accessToken: "a", obtainedAt, expiresAt: obtainedAt + lifetime };
  return refreshNeed(tokens, obtainedAt + age);
}

describe("refreshNeed", () => {
  it("is none until a minute before expiry, due from there, expired at expiry", () => {
    expect([0, 3_539, 3_540, 3_599, 3_600, 9_999].map((age) => need(3_600, age))).toEqual([
      ...["none", "none", "due", "due", "expired", "expired"],
    ]);
  });

  it("leaves a short-lived token three quarters of its life, not a minute", () => {
    expect([0, 29, 30, 39, 40].map((age) => need(40, age))).toEqual(["none", "none", "due", "due", "expired"]);
  });

  it("is none for a token that has just been received, however short its life", () => {
    for (const lifetime of [1, 5, 59, 60, 61]) expect(need(lifetime, 0)).toBe("none");
  });

  it("is none if the provider sent no lifetime: a 401 is then the only signal", () => {
    expect(refreshNeed({ accessToken: "a", obtainedAt }, obtainedAt + 1e9)).toBe("none");
  });

  it("uses the whole minute if the time of receipt is not known", () => {
    const tokens = { accessToken: "a", expiresAt: obtainedAt };
    expect(refreshNeed(tokens, obtainedAt - 61)).toBe("none");
    expect(refreshNeed(tokens, obtainedAt - 60)).toBe("due");
  });
});
