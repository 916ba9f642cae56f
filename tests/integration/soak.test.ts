import { expect, it } from "vitest";
import { runSoak } from "@/tests/support/soak/soak";
import { soakTable } from "@/tests/support/soak/report";
import { problemsOf } from "@/tests/support/soak/verdict";

/** Milliseconds. Starting and ending take most of it. */
const LIMIT = 180_000;

it("npm run soak runs from its start to its verdict, in small", { timeout: LIMIT }, async () => {
  const size = { seconds: 15, users: 6, instances: 2, tokenSeconds: 8, actsPerSecond: 2 };
  const result = await runSoak({ ...size, seed: 1 });
  expect(problemsOf(result.facts)).toEqual([]);
  const { users, families, faults, instances } = result.facts;
  expect(users.map(({ final }) => final)).toEqual(users.map(() => "ok"));
  // Every part has worked: refreshes at the upstream, faults of each kind, data of users, the memory of each process.
  expect(families.flatMap(({ attempts }) => attempts).filter(({ usedAt }) => usedAt !== undefined)).not.toEqual([]);
  expect(faults.map(({ lane }) => lane)).toEqual(expect.arrayContaining(["upstream", "database", "instance"]));
  expect(result.answers.ownData).toBeGreaterThan(0);
  expect(instances.every(({ memory }) => memory.length > 0)).toBe(true);
  expect(soakTable(result)).toContain("| foreign data | 0 |");
});
