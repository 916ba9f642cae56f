import { describe, expect, it as base, vi } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { linesUpTo } from "@/tests/support/app/log-lines";
import { ECHO } from "@/tests/support/app/upstream-gate";

const VISITORS = 20;

/** A value is fresh for five seconds. */
const UNTIL_STALE = { timeout: 20_000, interval: 200 };

/** An app for every test: the value is kept by the process. */
const it = base.extend<{ bench: AppBench }>({
  bench: async ({}, provide) => {
    const bench = await openAppBench();
    await provide(bench);
    await bench.close();
  },
});

const read = ({ app }: AppBench) => fetch(`${app.url}/api/commitments`);

const fail = ({ sandbox }: AppBench) =>
  sandbox.control.setFault({ endpoint: ECHO.commitments, effect: { kind: "status", status: 503 } });

// They wait for values to grow old, so they wait at the same time.
describe.concurrent("/api/commitments", () => {
  it("asks once for 20 visitors who come at once, and lets caches share the answer", async ({ bench }) => {
    const hold = bench.gate.hold(ECHO.commitments);
    const answers = Array.from({ length: VISITORS }, () => read(bench));
    await hold.arrived;
    hold.release();
    for (const answer of await Promise.all(answers)) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get("cache-control")).toBe("public, s-maxage=5, stale-while-revalidate=30");
      expect(answer.headers.get("set-cookie")).toBeNull();
      expect(await answer.json()).toMatchObject({ ok: true });
    }
    expect(await bench.requestsTo(ECHO.commitments)).toBe(1);
    await (await fetch(bench.app.url)).text();
    expect(await bench.requestsTo(ECHO.commitments)).toBe(1);
  });

  it("leaves out the rows that cannot be read, logs that once, and shows the rest with Sonar's own totals", async ({
    bench,
  }) => {
    const odd = [null, "row", { Amounts: null }, { SaleSpecificEntityID: 7 }];
    bench.gate.change(ECHO.commitments, (answer) => {
      const data = JSON.parse(answer);
      const rows = odd.map((changes) =>
        changes && typeof changes === "object" ? { ...data.Commitments[0], ...changes } : changes,
      );
      return JSON.stringify({ ...data, UniqueCommitmentCount: "321", Commitments: [...rows, ...data.Commitments] });
    });
    const { ok, data } = await (await read(bench)).json();
    expect(ok).toBe(true);
    expect([data.UniqueCommitmentCount, data.Commitments.length]).toEqual([321, 100]);
    expect(await (await fetch(bench.app.url)).text()).toContain("by 321 participants");
    await vi.waitFor(async () => {
      await read(bench);
      expect(await bench.requestsTo(ECHO.commitments)).toBeGreaterThan(1);
    }, UNTIL_STALE);
    const logged = bench.app
      .logs()
      .split("\n")
      .filter((line) => line.includes("upstream.row-left-out"));
    expect(logged.map((line) => JSON.parse(line).field)).toEqual(["row", "Amounts", "SaleSpecificEntityID"]);
  });

  it("names a sale on Solana as what it is", async ({ bench }) => {
    const wallet = "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM";
    const amounts = [{ Wallet: wallet, Token: wallet, Amount: 5 }];
    bench.gate.change(ECHO.commitments, () =>
      JSON.stringify({ TotalCommitmentAmount: 5, Commitments: [{ Amounts: amounts }] }),
    );
    expect(await (await read(bench)).json()).toMatchObject({ ok: false, error: { code: "sale/not_evm" } });
    const page = await fetch(bench.app.url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("This sale is on Solana, and this site supports only sales on EVM chains.");
  });

  it("goes on serving the last good value while Echo fails", async ({ bench }) => {
    const good = await (await read(bench)).text();
    await fail(bench);
    await vi.waitFor(async () => {
      expect(await (await read(bench)).text()).toBe(good);
      expect(await bench.requestsTo(ECHO.commitments)).toBeGreaterThan(2);
    }, UNTIL_STALE);
    expect((await read(bench)).status).toBe(200);
  });

  it("tells the operator once a minute that it fails: without it nobody can commit", async ({ bench }) => {
    const start = bench.app.logs().length;
    await fail(bench);
    await vi.waitFor(async () => {
      await read(bench);
      expect(await bench.requestsTo(ECHO.commitments)).toBeGreaterThan(2);
    }, UNTIL_STALE);
    const lines = (await linesUpTo(bench.app, start, "sonar.commitments")).filter(
      ({ msg }) => msg === "sonar.commitments",
    );
    expect(lines).toEqual([expect.objectContaining({ level: 40, call: "commitments", code: "api/server_error" })]);
    expect(lines[0]).not.toHaveProperty("user");
  });

  it("says so, to nobody but who asks, while there is no value to serve; and recovers", async ({ bench }) => {
    await fail(bench);
    const answer = await read(bench);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await answer.json()).toMatchObject({ ok: false, error: { code: "api/server_error", recovery: "retry" } });
    await bench.sandbox.control.clearFaults();
    await vi.waitFor(async () => expect((await read(bench)).status).toBe(200), UNTIL_STALE);
  });
});
