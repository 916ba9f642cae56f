import { encodeFunctionData, erc20Abi, numberToHex, type Address, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { SANDBOX_CHAIN_ID, SANDBOX_SALE } from "@/lib/config/sandbox";
import { SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { nodeClient, type NodeClient } from "@/sandbox/chain/node-client";
import { saleReader } from "@/sandbox/chain/sale-reader";
import { startDemo, type RunningDemo } from "@/sandbox/demo/start";
import { GrantStore } from "@/sandbox/oauth/grant-store";
import { SandboxBuyer } from "@/tests/support/sandbox/sandbox-buyer";
import { REDIRECT_URI } from "@/tests/support/sandbox/sandbox-user";
import { startTestSandbox } from "@/tests/support/sandbox/test-sandbox";

const PUBLIC_URL = "https://demo.example/sandbox";

/** A pair of wallet and key, as a visitor's browser has it. */
const account = privateKeyToAccount(generatePrivateKey());

let demo: RunningDemo;
let node: NodeClient;

beforeAll(async () => {
  demo = await startDemo({ port: 0, redirectUri: REDIRECT_URI, publicUrl: PUBLIC_URL, resetMinutes: 60 });
  node = nodeClient(demo.rpcUrl);
});
afterAll(() => demo.close());

function post(path: string, body: object): Promise<Response> {
  const request = new Request(PUBLIC_URL + path, { method: "POST", body: JSON.stringify(body) });
  return demo.answer({ request, path, address: "203.0.113.1" });
}

const fund = (wallet: Address) => post("/wallets", { wallets: [wallet] });

interface NodeAnswer {
  result?: string;
  error?: { message: string };
}

async function signApproval(): Promise<Hex> {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [SANDBOX_SALE, 1n] });
  return account.signTransaction({
    type: "eip1559",
    chainId: SANDBOX_CHAIN_ID,
    nonce: await node.getTransactionCount({ address: account.address }),
    to: SANDBOX_TOKENS.usdc,
    data,
    gas: 100_000n,
    maxFeePerGas: 10n ** 10n,
  });
}

async function send(raw: Hex): Promise<NodeAnswer> {
  const answer = await post("/rpc", { jsonrpc: "2.0", id: 1, method: "eth_sendRawTransaction", params: [raw] });
  return JSON.parse(await answer.text());
}

describe("the reset of a public demo", () => {
  it("starts sale and clock anew in one step, and leaves its visitors connected", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    const { echoOrigin: origin, rpcUrl } = demo;
    const buyer = await SandboxBuyer.connect({ origin, rpcUrl }, "ada");
    const { address: wallet } = account;
    expect((await fund(wallet)).status).toBe(201);
    expect((await fund(wallet)).status, "once between two resets").toBe(200);
    await node.request({ method: "anvil_impersonateAccount", params: [wallet] });
    await buyer.commit({ wallet, amount: 2_000_000n });
    const reader = saleReader(node, SANDBOX_SALE);
    expect(await reader.facts()).toMatchObject({ entities: 1, totalCommitted: 2_000_000n });
    await node.request({ method: "evm_increaseTime", params: [1_000_000] });
    await node.request({ method: "evm_mine" });
    const approval = await signApproval();
    expect((await send(approval)).result).toMatch(/^0x/);
    const before = demo.times();

    await demo.reset();
    const { time, ...facts } = await reader.facts();
    expect(facts).toMatchObject({ stage: "Commitment", paused: false, entities: 0, totalCommitted: 0n });
    expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(60);
    expect(await node.getBalance({ address: wallet })).toBe(0n);
    const { startedAt, nextReset } = demo.times();
    expect(startedAt).toBeGreaterThan(before.startedAt);
    expect(nextReset).toBe(startedAt + 3_600_000);

    expect(await buyer.check(wallet)).toMatchObject({ ReadyToPurchase: true });
    expect((await send(await signApproval())).error?.message).toContain("The demo was reset");
    vi.setSystemTime(Date.now() + 60_000);
    expect((await fund(wallet)).status).toBe(201);
    expect((await send(approval)).error?.message, "a transaction of the earlier sale").toContain("nonce too low");
    expect((await send(await signApproval())).result).toMatch(/^0x/);
    await buyer.commit({ wallet, amount: 3_000_000n });
    expect(await reader.facts()).toMatchObject({ entities: 1, totalCommitted: 3_000_000n });
  });

  it("can be repeated, and gives every address its uses back", async () => {
    const wallets = (round: number): Address[] => [1, 2, 3].map((at) => numberToHex(round * 3 + at, { size: 20 }));
    const statuses = async () => {
      const found: number[] = [];
      for (let round = 0; round < 21; round += 1)
        found.push((await post("/wallets", { wallets: wallets(round) })).status);
      return found;
    };
    const once = [...Array<number>(20).fill(201), 429];
    await demo.reset();
    expect(await statuses()).toEqual(once);
    await demo.reset();
    expect(await statuses()).toEqual(once);
  });
});

describe("the grants of a public demo", () => {
  it("are refused when there is no room, instead of ending another visitor's, and make room when idle", () => {
    let now = 0;
    const grants = new GrantStore({ issuer: "", now: () => now, mostGrants: 2 });
    const code = () => grants.issueCode({ personaId: "ada", redirectUri: "", codeChallenge: "" });
    const first = grants.redeemCode(code(), "", "");
    expect([grants.isFull, first.ok]).toEqual([true, true]);
    now = 30 * 60_000;
    grants.dropIdle();
    expect(grants.isFull, "the code is forgotten, the grant is in use").toBe(false);
    grants.redeemCode(code(), "", "");
    expect(grants.isFull).toBe(true);
    now = 80 * 60_000;
    grants.dropIdle();
    expect(first.ok && grants.findByAccessToken(first.tokens.access_token)).toBeUndefined();
    expect(grants.isFull).toBe(false);
  });
});

describe("a public demo", () => {
  it("never shares ports with a sandbox whose keys and controls are public", async () => {
    const sandbox = await startTestSandbox();
    const start = startDemo({ port: sandbox.port, redirectUri: REDIRECT_URI, publicUrl: PUBLIC_URL });
    await expect(start).rejects.toThrow("A port of the sandbox is in use");
    await sandbox.close();
  });
});
