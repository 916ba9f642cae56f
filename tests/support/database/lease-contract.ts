import { beforeEach, describe, expect, it } from "vitest";
import { BENCH_TIME, type StoreBench } from "@/tests/support/database/store-bench";

const LEASE_KEY = { provider: "sonar", userId: "ada" } as const;

/** Tests that every TokenStore passes about the refresh lease. */
export function leaseContract(bench: () => StoreBench): void {
  const tokens = () => bench().one.tokens;
  const others = () => bench().other.tokens;
  const leaseOf = (holder: string, ms = 1_000) => ({ holder, until: bench().clock.now + ms });
  let version = "";

  describe("the refresh lease", () => {
    beforeEach(async () => {
      await bench().one.sessions.create("session", "ada");
      await tokens().set(LEASE_KEY, { accessToken: "a", refreshToken: "r" }, "session");
      version = (await tokens().get(LEASE_KEY))?.version ?? "";
    });

    it("is got by exactly one of twenty who ask at once, on two instances", async () => {
      const askers = Array.from({ length: 20 }, (_, index) => (index % 2 ? tokens() : others()));
      const got = await Promise.all(
        askers.map((store, index) => store.takeLease(LEASE_KEY, version, leaseOf(`h${index}`))),
      );
      expect(got.filter(Boolean)).toHaveLength(1);
    });

    it("is refused to others while it runs, and ends by itself", async () => {
      await tokens().takeLease(LEASE_KEY, version, leaseOf("dead"));
      bench().clock.now += 999;
      expect(await others().takeLease(LEASE_KEY, version, leaseOf("h2"))).toBe(false);
      bench().clock.now += 1;
      expect(await others().takeLease(LEASE_KEY, version, leaseOf("h2"))).toBe(true);
    });

    it("is refused for a version that is no longer there", async () => {
      await tokens().replace(LEASE_KEY, version, { accessToken: "b" });
      expect(await others().takeLease(LEASE_KEY, version, leaseOf("h1"))).toBe(false);
      await tokens().clear(LEASE_KEY);
      expect(await others().takeLease(LEASE_KEY, version, leaseOf("h1"))).toBe(false);
    });

    it("does not change the version: what was seen before can still be replaced", async () => {
      await tokens().takeLease(LEASE_KEY, version, leaseOf("h1"));
      expect((await others().get(LEASE_KEY))?.version).toBe(version);
      expect(await tokens().replace(LEASE_KEY, version, { accessToken: "b" })).not.toBeNull();
    });

    it("ends when the tokens are replaced", async () => {
      await tokens().takeLease(LEASE_KEY, version, leaseOf("h1"));
      const next = (await tokens().replace(LEASE_KEY, version, { accessToken: "b" })) ?? "";
      expect(await others().takeLease(LEASE_KEY, next, leaseOf("h2"))).toBe(true);
    });

    it("ends when its holder gives it back, and leaves the cool-down for all to see", async () => {
      await tokens().takeLease(LEASE_KEY, version, leaseOf("h1"));
      await tokens().releaseLease(LEASE_KEY, "h1", BENCH_TIME + 500);
      expect((await others().get(LEASE_KEY))?.cooldownUntil).toBe(BENCH_TIME + 500);
      expect(await others().takeLease(LEASE_KEY, version, leaseOf("h2"))).toBe(true);
    });

    it("is prolonged by its holder, also when it is over, while nobody else has it", async () => {
      await tokens().takeLease(LEASE_KEY, version, leaseOf("h1"));
      bench().clock.now += 1_500;
      await tokens().renewLease(LEASE_KEY, "h1", bench().clock.now + 1_000);
      expect(await others().takeLease(LEASE_KEY, version, leaseOf("h2"))).toBe(false);
      bench().clock.now += 1_000;
      expect(await others().takeLease(LEASE_KEY, version, leaseOf("h2"))).toBe(true);
      await tokens().renewLease(LEASE_KEY, "h1", bench().clock.now + 60_000);
      expect((await tokens().get(LEASE_KEY))?.leaseUntil).toBe(bench().clock.now + 1_000);
    });

    it("that is abandoned stays visible as one that is over, with the cool-down", async () => {
      await tokens().takeLease(LEASE_KEY, version, leaseOf("h1"));
      await tokens().abandonLease(LEASE_KEY, "h1", BENCH_TIME + 500);
      expect(await others().get(LEASE_KEY)).toMatchObject({ leaseUntil: BENCH_TIME, cooldownUntil: BENCH_TIME + 500 });
      expect(await others().takeLease(LEASE_KEY, version, leaseOf("h2"))).toBe(true);
      expect((await others().get(LEASE_KEY))?.leaseUntil).toBe(BENCH_TIME + 1_000);
    });

    it("cannot be given back by somebody else, nor by a holder whose lease went to another", async () => {
      await tokens().takeLease(LEASE_KEY, version, leaseOf("h1"));
      await others().releaseLease(LEASE_KEY, "h2", BENCH_TIME + 500);
      bench().clock.now += 1_000;
      await others().takeLease(LEASE_KEY, version, leaseOf("h2"));
      await tokens().releaseLease(LEASE_KEY, "h1", BENCH_TIME + 500);
      expect((await others().get(LEASE_KEY))?.cooldownUntil).toBe(0);
      expect(await tokens().takeLease(LEASE_KEY, version, leaseOf("h3"))).toBe(false);
    });

    it("is one per user", async () => {
      const eve = { ...LEASE_KEY, userId: "eve" };
      await bench().one.sessions.create("session-of-eve", "eve");
      await tokens().set(eve, { accessToken: "a" }, "session-of-eve");
      const versionOfEve = (await tokens().get(eve))?.version ?? "";
      await tokens().takeLease(LEASE_KEY, version, leaseOf("h1"));
      expect(await others().takeLease(eve, versionOfEve, leaseOf("h2"))).toBe(true);
    });

    it("and the cool-down end when the replaced tokens are stored", async () => {
      await tokens().takeLease(LEASE_KEY, version, leaseOf("h1"));
      await tokens().releaseLease(LEASE_KEY, "h1", BENCH_TIME + 500);
      await tokens().replace(LEASE_KEY, version, { accessToken: "b" });
      expect((await others().get(LEASE_KEY))?.cooldownUntil).toBe(0);
    });
  });
}
