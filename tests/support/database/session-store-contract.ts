import { describe, expect, it } from "vitest";
import { BENCH_TIME, type StoreBench } from "@/tests/support/database/store-bench";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Tests that every SessionStore passes. */
export function sessionStoreContract(bench: () => StoreBench): void {
  const after = (ms: number) => (bench().clock.now = BENCH_TIME + ms);
  const read = (idHash: string) => bench().other.sessions.read(idHash);

  describe("a session", () => {
    it("can be read by every instance once it was created", async () => {
      await bench().one.sessions.create("hash", "ada");
      expect(await read("hash")).toEqual({ userId: "ada" });
    });

    it("is null when it is not known", async () => {
      expect(await read("unknown")).toBeNull();
    });

    it("is null once it was revoked, and revoking it again does no harm", async () => {
      await bench().one.sessions.create("hash", "ada");
      await bench().one.sessions.create("hash-2", "ada");
      await bench().one.sessions.revoke("hash");
      await bench().one.sessions.revoke("hash");
      expect([await read("hash"), await read("hash-2")]).toEqual([null, { userId: "ada" }]);
    });

    it("is listed for its user while it lives, the one used last first", async () => {
      await bench().one.sessions.create("first", "ada", "laptop");
      after(120_000);
      await bench().one.sessions.create("second", "ada");
      await bench().one.sessions.create("of eve", "eve");
      after(240_000);
      await read("first");
      expect(await bench().other.sessions.list("ada")).toEqual([
        { idHash: "first", createdAt: BENCH_TIME, seenAt: BENCH_TIME + 240_000, browserHash: "laptop" },
        { idHash: "second", createdAt: BENCH_TIME + 120_000, seenAt: BENCH_TIME + 120_000, browserHash: null },
      ]);
      after(120_000 + DAY);
      expect(await bench().other.sessions.list("ada")).toMatchObject([{ idHash: "first" }]);
    });

    it("ends with the others of its user in the same browser, and with no others", async () => {
      const live = async (idHashes: readonly string[]) => {
        const found = await Promise.all(idHashes.map(async (idHash) => ((await read(idHash)) ? [idHash] : [])));
        return found.flat();
      };
      const { sessions } = bench().one;
      await sessions.create("first", "ada", "laptop");
      await sessions.create("second", "ada", "laptop");
      await sessions.create("phone", "ada", "phone");
      await sessions.create("earlier version", "ada");
      await sessions.create("eve", "eve", "laptop");
      const all = ["first", "second", "phone", "earlier version", "eve"];
      await bench().other.sessions.revokeBrowser("unknown");
      expect(await live(all)).toEqual(all);
      await bench().other.sessions.revokeBrowser("first");
      expect(await live(all)).toEqual(["phone", "earlier version", "eve"]);
      await sessions.create("another", "ada");
      await bench().other.sessions.revokeBrowser("earlier version");
      expect(await live([...all, "another"])).toEqual(["phone", "eve", "another"]);
    });

    it("ends with all the others of its user, and nobody else's", async () => {
      await bench().one.sessions.create("first", "ada");
      await bench().one.sessions.create("second", "ada");
      await bench().one.sessions.create("of eve", "eve");
      await bench().other.sessions.revokeAll("ada");
      expect([await read("first"), await read("second"), await read("of eve")]).toEqual([
        null,
        null,
        { userId: "eve" },
      ]);
    });

    it("cannot be taken over by creating it once more", async () => {
      await bench().one.sessions.create("hash", "ada");
      await expect(bench().one.sessions.create("hash", "eve")).rejects.toThrow();
      expect(await read("hash")).toEqual({ userId: "ada" });
    });

    it("ends after a day without use", async () => {
      await bench().one.sessions.create("hash", "ada");
      await bench().one.sessions.create("hash-2", "ada");
      after(DAY - 1);
      expect(await read("hash")).not.toBeNull();
      after(DAY);
      expect(await read("hash-2")).toBeNull();
    });

    it("is kept alive by reading it", async () => {
      await bench().one.sessions.create("hash", "ada");
      after(DAY - 1);
      await bench().one.sessions.read("hash");
      after(2 * DAY - 2);
      expect(await read("hash")).toEqual({ userId: "ada" });
    });

    it("ends a week after sign-in, however busy it is", async () => {
      await bench().one.sessions.create("hash", "ada");
      for (let passed = 0; passed < 7 * DAY; passed += 12 * HOUR) {
        after(passed);
        expect(await read("hash")).not.toBeNull();
      }
      after(7 * DAY - 1);
      expect(await read("hash")).not.toBeNull();
      after(7 * DAY);
      expect(await read("hash")).toBeNull();
    });

    it("that has ended is swept at a sign-in, which happens at most once a minute", async () => {
      const { kysely } = bench().one.database;
      const left = async () => (await kysely.selectFrom("sessions").select("id_hash").execute()).length;
      await bench().one.sessions.create("first", "ada");
      after(2 * DAY);
      await bench().one.sessions.create("second", "ada");
      expect(await left()).toBe(1);
      const ended = { id_hash: "ended", user_id: "ada", created_at: BENCH_TIME, seen_at: BENCH_TIME };
      await kysely.insertInto("sessions").values(ended).execute();
      after(2 * DAY + MINUTE - 1);
      await bench().one.sessions.create("third", "ada");
      expect(await left()).toBe(3);
      after(2 * DAY + MINUTE);
      await bench().one.sessions.create("fourth", "ada");
      expect(await left()).toBe(3);
      expect(await read("ended")).toBeNull();
    });

    it("that has ended does not come to life again when it is read", async () => {
      await bench().one.sessions.create("hash", "ada");
      after(DAY);
      expect(await read("hash")).toBeNull();
      expect(await read("hash")).toBeNull();
    });
  });
}
