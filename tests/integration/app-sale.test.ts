import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { site } from "@/lib/config/site";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE } from "@/lib/config/sandbox";
import type { Positions } from "@/lib/purchase/position";
import type { EntityList } from "@/lib/sonar/entities";
import { chainControl, type ChainControl } from "@/sandbox/chain/control";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { entityId } from "@/sandbox/echo/personas/persona";
import { openSale } from "@/tests/conformance/support/open-sale";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { WALLET } from "@/tests/support/app/call-action";
import { ECHO } from "@/tests/support/app/upstream-gate";

const AMOUNT = 125_500_000n;

let chain: RunningChain;
let control: ChainControl;
let sale: SaleBench;
let bench: AppBench;

beforeAll(async () => {
  chain = await startChain({ port: 0 });
  control = chainControl(chain.rpcUrl);
  const urls = { RPC_URLS: chain.rpcUrl, PUBLIC_RPC_URLS: "https://open.example.com" };
  bench = await openAppBench({
    SALE_CHAIN_ID: String(SANDBOX_DEFAULT_CHAIN_ID),
    SALE_CONTRACT_ADDRESS: SANDBOX_SALE,
    ...urls,
  });
});
afterAll(async () => {
  await bench.close();
  await chain.close();
});
beforeEach(async () => {
  await control.reset();
  sale = await openSale(chain.rpcUrl, SANDBOX_SALE);
  await bench.reset();
});

describe("/api/sale", () => {
  const read = async () => (await fetch(`${bench.app.url}/api/sale`)).json();

  it("tells everybody what the contract says, and lets caches share the answer", async () => {
    const response = await fetch(`${bench.app.url}/api/sale`);
    expect(response.headers.get("cache-control")).toBe("public, s-maxage=1");
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(await response.json()).toMatchObject({ ok: true, data: { stage: "commitment", paused: false } });
  });

  it("keeps the decimals that Sonar has told while its figures fail", async () => {
    expect(await (await fetch(`${bench.app.url}/api/commitments`)).json()).toMatchObject({ ok: true });
    await bench.sandbox.control.setFault({ endpoint: ECHO.commitments, effect: { kind: "status", status: 503 } });
    expect(await read()).toMatchObject({ data: { paymentDecimals: 6 } });
  });

  it("follows the chain", async () => {
    await control.sale.setStage("Cancellation");
    await vi.waitFor(async () => expect(await read()).toMatchObject({ data: { stage: "cancellation" } }), {
      timeout: 15_000,
      interval: 300,
    });
  });
});

it("the page tells browsers the public nodes and never the server's own", async () => {
  const page = await fetch(bench.app.url);
  const html = await page.text();
  expect(html).toContain("https://open.example.com");
  expect(html).not.toContain(chain.rpcUrl);
  const policy = page.headers.get("content-security-policy");
  const sources = ["connect-src 'self' https://open.example.com", ...site.contentSources.connect].join(" ");
  expect(policy).toContain(`${sources};`);
});

describe("getPositions", () => {
  it("gives exact positions of the user's own entities, from the block of their transaction on", async () => {
    const user = await bench.connected();
    const list = await user.call<EntityList>("getEntities", {});
    const [entity] = list.ok ? list.data.Entities : [];
    if (!entity) throw new Error("The persona has no entity.");
    const { blockNumber } = await sale.accepted(sale.bid({ entity: entity.SaleSpecificEntityID, amount: AMOUNT }));
    const positions = await user.call<Positions>("getPositions", { atBlock: Number(blockNumber) });
    expect(positions).toMatchObject({
      ok: true,
      data: [
        {
          entityID: entity.EntityID,
          position: { state: "committed", bid: { amount: AMOUNT }, total: { refundable: AMOUNT } },
        },
      ],
    });
  });

  it.each(["__proto__", "constructor", "toString"])("takes the EntityID %s like any other", async (id) => {
    const user = await bench.connected();
    bench.gate.change(ECHO.entities, (answer) => answer.replace(/"EntityID":"[^"]*"/, `"EntityID":"${id}"`));
    try {
      const positions = await user.call<Positions>("getPositions", {});
      expect(positions).toMatchObject({ ok: true, data: [{ entityID: id, position: { state: expect.any(String) } }] });
      const page = await user.browser.get(new URL(bench.app.url));
      expect(await page.text()).not.toContain("could not be shown");
    } finally {
      bench.gate.change(ECHO.entities, (answer) => answer);
    }
  });

  it("reads the list that getEntities reads at the same time", async () => {
    const user = await bench.connected();
    await Promise.all([user.call("getEntities", {}), user.call("getPositions", {})]);
    expect(bench.gate.passages.filter(({ path }) => path === ECHO.entities).length).toBeLessThanOrEqual(2);
    bench.gate.passages.length = 0;
    await (await user.browser.get(new URL(bench.app.url))).text();
    expect(bench.gate.passages.filter(({ path }) => path === ECHO.entities)).toHaveLength(1);
  });

  it.each([{ atBlock: -1 }, { atBlock: 0.5 }, { atBlock: "latest" }])("refuses %j", async (input) => {
    const user = await bench.connected();
    expect(await user.call("getPositions", input)).toMatchObject({ ok: false, error: { code: "api/invalid_request" } });
  });
});

describe("a page that was made for another contract than the present one", () => {
  const current = { chainId: SANDBOX_DEFAULT_CHAIN_ID, contract: SANDBOX_SALE };
  const calls: [name: string, input: Record<string, unknown>][] = [
    ["generatePurchasePermit", { entityID: entityId("ada"), walletAddress: WALLET, purpose: "form" }],
    ["getPositions", {}],
  ];

  it.each(calls)("is told so by %s, which asks Sonar nothing", async (name, input) => {
    const user = await bench.connected();
    bench.gate.passages.length = 0;
    for (const other of [
      { ...current, contract: WALLET },
      { ...current, chainId: 1 },
      { ...current, priceTick: "0.002" },
    ]) {
      const error = { code: "request/outdated_page" };
      expect(await user.call(name, { ...input, sale: other })).toMatchObject({ ok: false, error });
    }
    expect(bench.gate.passages).toEqual([]);
  });

  it.each(calls)("of the present one, in any spelling, %s answers", async (name, input) => {
    const user = await bench.connected();
    for (const contract of [SANDBOX_SALE, SANDBOX_SALE.toLowerCase()])
      expect(await user.call(name, { ...input, sale: { ...current, contract } })).toMatchObject({ ok: true });
  });
});
