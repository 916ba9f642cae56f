import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { auditFor, type AuditEvent } from "@/lib/audit";
import { silenceLog } from "@/lib/http/log";
import { SqlAuditStore } from "@/lib/stores/sql-audit-store";
import { useEngineBench } from "@/tests/support/oauth/engine-bench";
import { withStatus } from "@/tests/support/oauth/token-server";
import {
  BENCH_TIME,
  emptyTables,
  openStoreBench,
  sharedEngines,
  storageEngines,
  type StoreBench,
} from "@/tests/support/database/store-bench";

const DAY_MS = 24 * 60 * 60 * 1_000;
const WALLET = "0x52908400098527886E0F7030069857D2E4169EE7";

const nothing = () => undefined;

describe.each(storageEngines)("the audit table on $name", (engine) => {
  let bench: StoreBench;
  let work: Promise<unknown>[];
  const log = { info: nothing, warn: vi.fn(), error: nothing };

  beforeAll(async () => {
    silenceLog();
    vi.stubEnv("SESSION_SECRET", "a secret of at least thirty-two characters");
    bench = await openStoreBench(engine);
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    work = [];
    log.warn.mockReset();
    bench.clock.now = BENCH_TIME;
    await emptyTables(bench.one.database);
  });

  const now = () => bench.clock.now;
  const keepAlive = (promise: Promise<unknown>) => void work.push(promise);
  const audit = (requestId = "r1", days = 365) =>
    auditFor({ database: bench.one.database, requestId, address: "", days, log, keepAlive, now });
  const store = () => new SqlAuditStore(bench.other.database, now);
  const rows = () => store().rowsOf("ada", 0);

  it("holds the event, the time, the user and the request, and the event's own fields", async () => {
    const bounds = { minAmount: "1", maxAmount: "20", minPrice: "3", maxPrice: "4" };
    await audit().record("ada", { event: "permit-given", entityID: "0xabc", wallet: WALLET, bounds });
    expect(await rows()).toEqual([
      {
        id: expect.stringMatching(/^[\da-f-]{36}$/),
        at: BENCH_TIME,
        event: "permit-given",
        user_id: "ada",
        address_hmac: null,
        request_id: "r1",
        details: JSON.stringify({ entityID: "0xabc", wallet: WALLET, bounds }),
      },
    ]);
  });

  it("gives a user's own rows from a time on, the earliest first", async () => {
    for (const event of ["sign-in", "sign-out"] as const) {
      await audit().record("ada", { event });
      await audit().record("grace", { event });
      bench.clock.now += 1;
    }
    expect((await rows()).map(({ event }) => event)).toEqual(["sign-in", "sign-out"]);
    expect((await store().rowsOf("ada", BENCH_TIME + 1)).map(({ event }) => event)).toEqual(["sign-out"]);
  });

  it("holds no text of a client: an entity's id that is no id is there as its hash", async () => {
    const entityID = "Ada Lovelace <ada@example.com>";
    await audit().record("ada", { event: "permit-asked", entityID, wallet: WALLET });
    const [row] = await rows();
    expect(row?.details).toMatch(/"entityID":"sha256:[\w-]{43}"/);
    expect(row?.details).not.toContain("ada@");
  });

  it("is written beside the answer, and a failure of it is only logged", async () => {
    const { kysely } = bench.one.database;
    await kysely.schema.alterTable("audit").renameTo("audit_away").execute();
    audit().note("ada", { event: "sign-in" });
    await Promise.all(work);
    await kysely.schema.alterTable("audit_away").renameTo("audit").execute();
    expect(log.warn).toHaveBeenCalledExactlyOnceWith("audit.not-written", expect.objectContaining({ call: "sign-in" }));
    audit().note("ada", { event: "sign-in" });
    await Promise.all(work);
    expect(await rows()).toHaveLength(1);
  });

  it("throws where a row must be there", async () => {
    const { kysely } = bench.one.database;
    await kysely.schema.alterTable("audit").renameTo("audit_away").execute();
    const event: AuditEvent = { event: "permit-given", entityID: "0xabc", wallet: WALLET, bounds: {} };
    await expect(audit().record("ada", event)).rejects.toThrow();
    await kysely.schema.alterTable("audit_away").renameTo("audit").execute();
  });

  const fill = async (count: number, at: number) => {
    const { kysely } = bench.one.database;
    const row = { event: "sign-in", user_id: "ada", address_hmac: null, request_id: "-", details: "{}" };
    for (let from = 0; from < count; from += 500) {
      const part = Array.from({ length: Math.min(500, count - from) }, (_, at2) => ({
        id: `${at}-${from + at2}`,
        at,
        ...row,
      }));
      await kysely.insertInto("audit").values(part).execute();
    }
  };

  it("is pruned in pieces, between which others have their turn, and keeps what is not old enough", async () => {
    await fill(2_500, BENCH_TIME - 1);
    await fill(1, BENCH_TIME);
    const pruned = store().prune(BENCH_TIME);
    // After the first piece and before the second.
    await vi.waitFor(async () => expect((await rows()).length).toBeLessThan(2_501), { interval: 1 });
    const between = (await rows()).length;
    expect(await pruned).toBe(2_500);
    expect(between).toBeGreaterThanOrEqual(501);
    expect((await rows()).map(({ at }) => at)).toEqual([BENCH_TIME]);
  });

  it("loses what is older than AUDIT_DAYS once something is written, at most once a minute", async () => {
    bench.clock.now += 10 * DAY_MS;
    await fill(3, now() - 2 * DAY_MS - 1);
    await fill(2, now() - 2 * DAY_MS);
    audit("r1", 2).note("ada", { event: "sign-in" });
    await Promise.all(work);
    expect(await rows()).toHaveLength(3);
    await fill(1, now() - 3 * DAY_MS);
    audit("r2", 2).note("ada", { event: "sign-in" });
    await Promise.all(work);
    expect(await rows()).toHaveLength(5);
  });
});

describe.each(sharedEngines)("a connection that ends without its user, on $name", (engine) => {
  const bench = useEngineBench(engine);
  const rows = async () => {
    await bench().settled();
    return new SqlAuditStore(bench().other.database).rowsOf("ada", 0);
  };
  const written = async () => (await rows()).map(({ event, details }) => [event, details]);

  it("because the token endpoint refuses it is told by the log and the audit table, once for all who wait", async () => {
    await bench().connected("ada", -10);
    bench().server.answer = withStatus(401);
    await Promise.all([bench().fresh(bench().one), bench().fresh(bench().one), bench().fresh(bench().other)]);
    expect(await written()).toEqual([["refresh-refused", '{"provider":"sonar"}']]);
    const code = "auth/invalid_refresh_token";
    expect(bench().log).toEqual([expect.objectContaining({ level: "warn", event: "oauth.refresh", code })]);
  });

  it("because it had no refresh token and its time is over is told too", async () => {
    await bench().connected("ada", -10, { refreshToken: undefined });
    await bench().fresh(bench().one);
    expect(await written()).toEqual([["connection-expired", '{"provider":"sonar"}']]);
    expect(bench().log).toContainEqual(expect.objectContaining({ event: "oauth.connection-expired", level: "warn" }));
  });

  it("is not told while it is kept", async () => {
    await bench().connected("ada", -10);
    bench().server.answer = withStatus(503);
    await bench().fresh(bench().one);
    expect(await written()).toEqual([]);
  });
});
