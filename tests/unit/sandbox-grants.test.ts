import { describe, expect, it } from "vitest";
import { GrantStore } from "@/sandbox/oauth/grant-store";

describe("the grants of a public demo", () => {
  const MINUTE = 60_000;
  let now = 0;
  const storeOf = (mostGrants: number) => {
    now = 0;
    const grants = new GrantStore({ issuer: "", now: () => now, mostGrants });
    const code = (owner: string) => grants.issueCode({ personaId: "ada", redirectUri: "", codeChallenge: "", owner });
    const connect = (owner: string) => {
      const issued = grants.redeemCode(code(owner), "", "");
      if (!issued.ok) throw new Error(issued.reason);
      return issued.tokens.access_token;
    };
    return { grants, code, connect, isConnected: (token: string) => grants.findByAccessToken(token) !== undefined };
  };

  it("are refused when there is no room, instead of ending another visitor's", () => {
    const { grants, code, connect, isConnected } = storeOf(2);
    const first = connect("first");
    expect(grants.hasRoom(), "the code that was used takes none").toBe(true);
    code("second");
    expect(grants.hasRoom(), "a code is a grant to come").toBe(false);
    expect(isConnected(first)).toBe(true);
  });

  it("make room before the next reset: codes when they expire, grants when they are idle", () => {
    const { grants, code, connect, isConnected } = storeOf(2);
    const idle = connect("first");
    code("second");
    now = 10 * MINUTE;
    expect(grants.hasRoom(), "the code has expired").toBe(true);
    const inUse = connect("third");
    expect(grants.hasRoom()).toBe(false);
    now = 65 * MINUTE;
    expect(grants.hasRoom(), "the first grant is idle").toBe(true);
    expect([idle, inUse].map(isConnected)).toEqual([false, true]);
  });

  it("end when idle only if there is no room otherwise", () => {
    const { grants, code } = storeOf(2);
    const issued = grants.redeemCode(code("first"), "", "");
    now = 61 * MINUTE;
    code("second");
    now = 72 * MINUTE;
    expect(grants.hasRoom(), "the code has expired").toBe(true);
    expect(issued.ok && grants.refresh(issued.tokens.refresh_token ?? "").ok).toBe(true);
  });

  it("are one for each visitor, however often the visitor connects", () => {
    const { grants, code, connect, isConnected } = storeOf(3);
    const other = connect("other");
    const tokens = Array.from({ length: 5 }, () => connect("again"));
    const codes = Array.from({ length: 5 }, () => code("again"));
    expect(grants.hasRoom(), "one grant and one code").toBe(false);
    expect(grants.hasRoom("again"), "the grant is replaced").toBe(true);
    expect([other, ...tokens].map(isConnected)).toEqual([true, false, false, false, false, true]);
    expect(codes.map((one) => grants.redeemCode(one, "", "").ok)).toEqual([false, false, false, false, true]);
    expect(grants.hasRoom()).toBe(true);
    expect(isConnected(other)).toBe(true);
  });
});
