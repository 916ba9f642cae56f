import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHAIN_CONTROLS } from "@/sandbox/echo/control/control-routes";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { SaleLedger } from "@/tests/support/purchase/sale-ledger";
import { SandboxBuyer } from "@/tests/support/sandbox/sandbox-buyer";
import { control, REDIRECT_URI } from "@/tests/support/sandbox/sandbox-user";
import {
  startTestSandbox,
  startTestSandboxWithChain,
  type TestSandbox,
  type TestSandboxWithChain,
} from "@/tests/support/sandbox/test-sandbox";

const UNIT = 1_000_000n;
const WALLET = `0x${"ab".repeat(20)}`;

/** Every control that changes something, with what it takes. */
const CALLS: readonly (readonly [method: string, path: string, body: object])[] = [
  ["PUT", "chain/rpc-url", { rpcUrl: "http://127.0.0.1:9" }],
  ["PUT", "chain/stage", { stage: "Done" }],
  ["PUT", "chain/paused", { paused: true }],
  ["PUT", "chain/claim-refund", { enabled: true }],
  ["PUT", "chain/reduce-commitment", { enabled: true }],
  ["PUT", "chain/max-wallets", { count: 1 }],
  ["POST", "chain/move-clock", { seconds: 60 }],
  ["POST", "chain/mint", { token: "usdc", wallet: WALLET, amount: "1" }],
  ["PUT", "chain/native-balance", { wallet: WALLET, wei: "1" }],
  ["PUT", "chain/usdc-paused", { paused: true }],
  ["PUT", "chain/usdt-paused", { paused: true }],
  ["PUT", "chain/blocked", { token: "usdt", wallet: WALLET, blocked: true }],
  ["POST", "chain/force-reduce", { token: "usdt", wallet: WALLET, amount: "1" }],
  ["POST", "chain/take-down", { wallet: WALLET }],
  ["POST", "chain/settle", { acceptedPercent: 100 }],
  ["POST", "chain/process-refunds", {}],
  ["POST", "chain/reset", {}],
  ["PUT", "listing-delay", { seconds: 1 }],
  ["PUT", "sale-kind", { kind: "auction" }],
];

describe("the controls of the sale", () => {
  let sandbox: TestSandboxWithChain;
  beforeAll(async () => {
    sandbox = await startTestSandboxWithChain();
  });
  afterAll(() => sandbox.close());

  it("are all among those tested here", () => {
    const changing = CHAIN_CONTROLS.filter(([method]) => method !== "GET");
    expect(changing.map(([method, path]) => `${method} ${path}`)).toEqual(
      CALLS.map(([method, path]) => `${method} ${path}`),
    );
  });

  it.each(CALLS)("%s %s rejects anything that a page of another site could send", async (method, path, body) => {
    const send = (headers: Record<string, string>) =>
      fetch(`${sandbox.origin}/sandbox/${path}`, { method, headers, body: JSON.stringify(body) });
    expect((await send({ "content-type": "application/json", "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await send({ "content-type": "application/json", origin: "http://localhost:3000" })).status).toBe(403);
    expect((await send({ "content-type": "text/plain" })).status).toBe(415);
    expect(await sandbox.control.chain.state()).toMatchObject({ stage: "Commitment", rpcUrl: sandbox.rpcUrl });
  });

  it.each(CALLS)("%s %s rejects an unknown field", async (method, path, body) => {
    const response = await control(sandbox.origin, method, path, { ...body, other: 1 });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ details: { field: "other" } });
  });

  it.each([
    ["PUT", "chain/rpc-url", { rpcUrl: "file:///etc/passwd" }, "rpcUrl"],
    ["PUT", "chain/stage", { stage: "Finished" }, "stage"],
    ["PUT", "chain/paused", { paused: "yes" }, "paused"],
    ["PUT", "chain/claim-refund", {}, "enabled"],
    ["PUT", "chain/max-wallets", { count: 256 }, "count"],
    ["PUT", "chain/max-wallets", { count: 0 }, "count"],
    ["POST", "chain/force-reduce", { token: "usdt", wallet: WALLET, amount: "half" }, "amount"],
    ["POST", "chain/take-down", { wallet: "0x12" }, "wallet"],
    ["POST", "chain/move-clock", { seconds: 0 }, "seconds"],
    ["POST", "chain/move-clock", { seconds: -5 }, "seconds"],
    ["POST", "chain/mint", { token: "dai", wallet: WALLET, amount: "1" }, "token"],
    ["POST", "chain/mint", { token: "usdc", wallet: "0x12", amount: "1" }, "wallet"],
    ["POST", "chain/mint", { token: "usdc", wallet: WALLET, amount: "1.5" }, "amount"],
    ["PUT", "chain/native-balance", { wallet: WALLET, wei: "-1" }, "wei"],
    ["PUT", "chain/usdt-paused", { paused: 1 }, "paused"],
    ["PUT", "chain/blocked", { token: "dai", wallet: WALLET, blocked: true }, "token"],
    ["PUT", "chain/blocked", { token: "usdc", wallet: WALLET }, "blocked"],
    ["POST", "chain/settle", { acceptedPercent: 101 }, "acceptedPercent"],
    ["POST", "chain/settle", { atClearingPrice: "yes" }, "atClearingPrice"],
    ["PUT", "listing-delay", { seconds: -1 }, "seconds"],
    ["PUT", "sale-kind", { kind: "lottery" }, "kind"],
  ])("%s %s %o is rejected with the field %s", async (method, path, body, field) => {
    const response = await control(sandbox.origin, method, path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "invalid_argument", details: { field } });
  });

  it("report the contract's own reason for a revert", async () => {
    const response = await control(sandbox.origin, "POST", "chain/process-refunds");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "failed_precondition",
      message: "the sale reverts with InvalidStage(1, 4)",
    });
  });

  it("tell the state also while the chain is reset, when the block that is read goes away", async () => {
    await sandbox.control.chain.moveClock(60);
    let isReset = false;
    const reset = sandbox.control.chain.reset().then(() => void (isReset = true));
    while (!isReset) {
      const states = await Promise.all(Array.from({ length: 8 }, () => control(sandbox.origin, "GET", "chain")));
      expect(new Set(states.map(({ status }) => status))).toEqual(new Set([200]));
    }
    await reset;
  });

  it("are all on the control panel", async () => {
    const page = await (await fetch(sandbox.origin)).text();
    const onThePage = CALLS.filter(([, path]) => path !== "chain/rpc-url");
    for (const [, path] of onThePage) expect(page).toContain(path);
  });
});

describe("an auction", () => {
  let sandbox: TestSandboxWithChain;
  beforeAll(async () => {
    sandbox = await startTestSandboxWithChain({ redirectUris: [REDIRECT_URI] });
  });
  afterAll(() => sandbox.close());
  beforeEach(async () => {
    await sandbox.control.reset();
    await sandbox.control.setSaleKind("auction");
  });

  const [FIRST = "0x", SECOND = "0x", THIRD = "0x"] = FUNDED_WALLETS;
  const buyer = (persona: string) => SandboxBuyer.connect(sandbox, persona);

  it("gives every persona a permit to bid from 2 to 20 steps, until a reset", async () => {
    const ada = await buyer("ada");
    expect((await ada.askPermit(FIRST)).PermitJSON).toMatchObject({ MinPrice: 2, MaxPrice: 20 });
    await ada.commit({ wallet: FIRST, amount: 100n * UNIT, price: 12n });
    await sandbox.control.reset();
    expect((await ada.askPermit(FIRST)).PermitJSON).toMatchObject({ MinPrice: 0, MaxPrice: 0 });
  });

  it("settles at the clearing price: above it in full, at it in part, below it nothing", async () => {
    const [mary, grace, emmy] = await Promise.all(["mary", "grace", "emmy"].map(buyer));
    await mary?.commit({ wallet: FIRST, amount: 60_000n * UNIT, price: 4n });
    await grace?.commit({ wallet: SECOND, amount: 2_500n * UNIT, price: 12n });
    await emmy?.commit({ wallet: THIRD, amount: 5_000n * UNIT, price: 3n });
    await sandbox.control.chain.settleAtClearingPrice();
    // One million tokens at three steps of 0.0215.
    expect(await sandbox.control.chain.state()).toMatchObject({ stage: "Done", totalAccepted: String(64_500n * UNIT) });
    await sandbox.control.chain.processRefunds();
    const ledger = await SaleLedger.open(sandbox.rpcUrl);
    const balances = await Promise.all([FIRST, SECOND, THIRD].map((wallet) => ledger.balance("usdc", wallet)));
    expect(balances).toEqual([40_000n * UNIT, 97_500n * UNIT, 98_000n * UNIT]);
  });
});

describe("a sandbox without a chain", () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.close());

  it("reports that there is no chain, and can still be reset", async () => {
    const state = await fetch(`${sandbox.origin}/sandbox/chain`);
    expect(state.status).toBe(503);
    expect(await state.json()).toMatchObject({ message: "this sandbox has no chain" });
    expect((await control(sandbox.origin, "POST", "reset")).status).toBe(200);
  });

  it("reports that the chain is not responding when it has ended", async () => {
    await control(sandbox.origin, "PUT", "chain/rpc-url", { rpcUrl: "http://127.0.0.1:9" });
    const response = await control(sandbox.origin, "PUT", "chain/stage", { stage: "Done" });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ message: "the chain is not responding" });
  });
});
