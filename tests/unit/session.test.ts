import { expect, test } from "vitest";
import { displayName, onePerBrowser } from "@/lib/session";

test("a name is shown as it was given", () => {
  for (const name of ["Ada Lovelace", "José Ñandú", "山田 太郎", "👩‍🚀 Neil"])
    expect(displayName(` ${name}\n`)).toBe(name);
});

test("nothing invisible in a name can make the header say something else", () => {
  expect(displayName("Ada\u202eevil\u0000\u001b[31m\u2028")).toBe("Adaevil[31m");
});

test("a long name is cut between characters", () => {
  expect(displayName("👩".repeat(500))).toBe("👩".repeat(100));
});

test("a name of which nothing is left is none", () => {
  for (const name of [undefined, "", " \t ", "\u200f\u202a"]) expect(displayName(name)).toBeUndefined();
});

test("a browser is listed once: by the session that asks, or by the one that was used last", () => {
  const session = (idHash: string, browserHash: string | null) => ({ idHash, browserHash, createdAt: 1, seenAt: 2 });
  const sessions = [
    session("phone, last", "phone"),
    session("replaced", "laptop"),
    session("asks", "laptop"),
    session("phone, before", "phone"),
    session("earlier version", null),
    session("another of it", null),
  ];
  const shown = onePerBrowser(sessions, "asks").map(({ idHash }) => idHash);
  expect(shown).toEqual(["phone, last", "asks", "earlier version", "another of it"]);
});
