import { expect, test } from "vitest";
import { loggedName } from "@/lib/http/log-identity";
import { sha256 } from "@/lib/stores/seal";

const SECRET = "a secret of at least thirty-two characters";

test("a hash is 16 characters, the same each time, and tells neither the id nor its plain hash", () => {
  const hash = loggedName("user", "ada", SECRET);
  expect(hash).toMatch(/^[\w-]{16}$/);
  expect(loggedName("user", "ada", SECRET)).toBe(hash);
  expect(sha256("ada")).not.toContain(hash);
});

test("another id, another kind and another secret each give another hash", () => {
  const hashes = [
    loggedName("user", "ada", SECRET),
    loggedName("user", "grace", SECRET),
    loggedName("session", "ada", SECRET),
    loggedName("address", "ada", SECRET),
    loggedName("user", "ada", `${SECRET}.`),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});
