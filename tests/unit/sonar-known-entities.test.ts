import { expect, it } from "vitest";
import { isOwnEntity, ownerOf, rememberEntities } from "@/lib/sonar/entities";

const now = 1_800_000_000_000;

it("a listed entity is the user's own, another one is not", () => {
  rememberEntities("ada", ["AUX-1", "AUX-2"], now);
  expect(isOwnEntity("ada", "AUX-2", now)).toBe("yes");
  expect(isOwnEntity("ada", "AUX-3", now)).toBe("no");
});

it("one user's list says nothing about another's", () => {
  rememberEntities("ada", ["AUX-1"], now);
  rememberEntities("bob", ["AUX-9"], now);
  expect(isOwnEntity("bob", "AUX-1", now)).toBe("no");
  expect(isOwnEntity("eve", "AUX-1", now)).toBe("unknown");
});

it("after ten seconds the list has to be asked for again", () => {
  rememberEntities("ada", ["AUX-1"], now);
  expect(isOwnEntity("ada", "AUX-1", now + 9_999)).toBe("yes");
  expect(isOwnEntity("ada", "AUX-1", now + 10_000)).toBe("unknown");
  expect(isOwnEntity("ada", "AUX-9", now + 10_000)).toBe("unknown");
});

it("a new list replaces the old one", () => {
  rememberEntities("ada", ["AUX-1"], now);
  rememberEntities("ada", ["AUX-2"], now);
  expect(isOwnEntity("ada", "AUX-1", now)).toBe("no");
});

it("lists that are no longer used are forgotten", () => {
  rememberEntities("ada", ["AUX-1"], now);
  rememberEntities("bob", ["AUX-1"], now + 10_000);
  expect(isOwnEntity("ada", "AUX-1", now)).toBe("unknown");
});

it("one account's list says nothing about another one of the same user, and names no token", () => {
  const [first, second] = [ownerOf("ada", "token-1"), ownerOf("ada", "token-2")];
  rememberEntities(first, ["AUX-1"], now);
  expect(isOwnEntity(second, "AUX-1", now)).toBe("unknown");
  expect(first).not.toContain("token-1");
});
