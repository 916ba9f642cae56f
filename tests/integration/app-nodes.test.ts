import { beforeAll, expect, it } from "vitest";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE } from "@/lib/config/sandbox";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { NOBODY } from "@/tests/support/app/app-environment";
import { linesSince, linesUpTo } from "@/tests/support/app/log-lines";

let bench: AppBench;

beforeAll(async () => {
  bench = await openAppBench({
    SALE_CHAIN_ID: String(SANDBOX_DEFAULT_CHAIN_ID),
    SALE_CONTRACT_ADDRESS: SANDBOX_SALE,
    RPC_URLS: NOBODY,
    PUBLIC_RPC_URLS: "https://open.example.com",
  });
  return () => bench.close();
});

/** Longer than a failed read is remembered (milliseconds). */
const NEXT_READ_MS = 1_100;

it("while no node answers, polling the sale writes one line, about the chain", async () => {
  const start = bench.app.logs().length;
  for (let read = 0; read < 3; read++) {
    const answers = await Promise.all([0, 1, 2].map(() => fetch(`${bench.app.url}/api/sale`)));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    await new Promise((resolve) => setTimeout(resolve, NEXT_READ_MS));
  }
  const lines = (await linesUpTo(bench.app, start, "chain.call")).filter(({ code }) => code !== undefined);
  expect(lines).toEqual([
    expect.objectContaining({ level: 40, msg: "chain.call", call: "sale-state", code: "chain/unreachable" }),
  ]);
});

it("a user's call that Sonar has answered and no node has is a line about the chain, and none about Sonar", async () => {
  const user = await bench.connected("ada");
  const start = bench.app.logs().length;
  expect(await user.call("getPositions", {})).toMatchObject({ error: { code: "chain/unreachable" } });
  const line = (await linesUpTo(bench.app, start, "chain.call")).find(({ msg }) => msg === "chain.call");
  expect(line).toMatchObject({ level: 40, call: "getPositions", code: "chain/unreachable" });
  expect(line).toHaveProperty("user");
  expect(line).not.toHaveProperty("provider");
  expect(linesSince(bench.app, start).filter(({ msg }) => msg === "sonar.call")).toEqual([]);
  expect(await user.call("getEntities", {})).toMatchObject({ ok: true });
  expect((await linesUpTo(bench.app, start, "sonar.call")).find(({ msg }) => msg === "sonar.call")).toMatchObject({
    level: 30,
    provider: "sonar",
  });
});
