import { encodeFunctionData, erc20Abi, numberToHex, zeroAddress, type Address, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { baseSepolia } from "viem/chains";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { OPERATOR, SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { nodeClient, type NodeClient } from "@/sandbox/chain/node-client";
import { saleReader } from "@/sandbox/chain/sale-reader";
import { Door } from "@/sandbox/demo/door";
import { startDemo, type RunningDemo } from "@/sandbox/demo/start";
import { SandboxBuyer } from "@/tests/support/sandbox/sandbox-buyer";
import { REDIRECT_URI } from "@/tests/support/sandbox/sandbox-user";
import { startTestSandbox } from "@/tests/support/sandbox/test-sandbox";

const PUBLIC_URL = "https://demo.example/sandbox";

/** A pair of wallet and key, as a visitor's browser has it. */
const account = privateKeyToAccount(generatePrivateKey());

/** Another id than the usual one. */
const chainId = baseSepolia.id;

let demo: RunningDemo;
let node: NodeClient;

beforeAll(async () => {
  demo = await startDemo({ port: 0, chainId, redirectUri: REDIRECT_URI, publicUrl: PUBLIC_URL, resetMinutes: 60 });
  node = nodeClient(demo.rpcUrl);
});
afterAll(() => demo.close());

function post(path: string, body: object): Promise<Response> {
  const request = new Request(PUBLIC_URL + path, { method: "POST", body: JSON.stringify(body) });
  return demo.answer({ request, path, networks: ["203.0.113.1"] });
}

const fund = (wallet: Address) => post("/wallets", { wallets: [wallet] });

/** Polls without a pause that anything could end in. */
const SOON = { interval: 1 };

interface NodeAnswer {
  result?: string;
  error?: { message: string };
}

async function signApproval(): Promise<Hex> {
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [SANDBOX_SALE, 1n] });
  return account.signTransaction({
    type: "eip1559",
    chainId,
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

  it("waits for wallets that are being funded, and comes before those that ask after it", async () => {
    const newWallet = () => privateKeyToAccount(generatePrivateKey()).address;
    const [before, after] = [newWallet(), newWallet()];
    const balance = (wallet: Address) =>
      node.readContract({ abi: erc20Abi, address: SANDBOX_TOKENS.usdt, functionName: "balanceOf", args: [wallet] });
    const first = fund(before);
    await vi.waitFor(async () => expect(await node.getTransactionCount({ address: before })).toBeGreaterThan(0), SOON);
    const answers = await Promise.all([first, demo.reset().then(() => undefined), fund(after)]);
    expect(answers.map((answer) => answer?.status)).toEqual([201, undefined, 201]);
    expect(await Promise.all([before, after].map(balance))).toEqual([0n, 100_000_000_000n]);
    expect((await fund(after)).status, "it belongs to the new sale").toBe(200);
    expect((await fund(before)).status, "the new sale does not know it").toBe(201);
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

describe("the faucet of a public demo", () => {
  const operator: Address = "0x00000000000000000000000000000000000000AB";
  const walletAt = (index: number) => numberToHex(0x1000 + index, { size: 20 });

  /** A door whose fundings end as the test says. */
  function faucet() {
    const fundings: { wallet: Address; end: (error?: Error) => void }[] = [];
    const door = new Door({
      echoOrigin: "",
      rpcUrl: "",
      chainId,
      operator,
      fund: (wallet) =>
        new Promise((resolve, reject) =>
          fundings.push({ wallet, end: (error) => (error ? reject(error) : resolve()) }),
        ),
    });
    const ask = (wallets: readonly Address[]) => {
      const request = new Request(`${PUBLIC_URL}/wallets`, { method: "POST", body: JSON.stringify({ wallets }) });
      return door.answer({ request, path: "/wallets", networks: ["203.0.113.1"] });
    };
    /** Resolves when `count` fundings have begun in total. */
    const begun = (count: number) => vi.waitFor(() => expect(fundings).toHaveLength(count), SOON);
    return { door, fundings, ask, begun };
  }

  it("gives nothing to addresses that are nobody's wallet, nor to others beside them", async () => {
    const { ask, fundings } = faucet();
    for (const address of [zeroAddress, SANDBOX_SALE, SANDBOX_TOKENS.usdc, SANDBOX_TOKENS.usdt, OPERATOR, operator]) {
      const answer = await ask([walletAt(1), address]);
      expect([answer.status, await answer.text()]).toEqual([400, "Name 1 to 3 wallets of your own.\n"]);
    }
    expect(fundings).toEqual([]);
  });

  it("funds again only the wallet whose own funding failed", async () => {
    const { ask, fundings, begun } = faucet();
    const [good, bad] = [walletAt(1), walletAt(2)];
    const first = ask([good, bad]);
    await begun(2);
    fundings[0]?.end();
    fundings[1]?.end(new Error("no answer"));
    expect((await first).status).toBe(502);
    expect((await ask([good])).status).toBe(200);
    const again = ask([bad, good]);
    await begun(3);
    fundings[2]?.end();
    expect((await again).status).toBe(201);
    expect(fundings.map(({ wallet }) => wallet)).toEqual([good, bad, bad]);
  });

  it("says that a wallet is funded only when it is, whoever asked first", async () => {
    const { ask, fundings, begun } = faucet();
    const both = [ask([walletAt(1)]), ask([walletAt(1)])];
    await begun(1);
    fundings[0]?.end(new Error("no answer"));
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([502, 502]);
  });

  it("counts only wallets that were funded", async () => {
    const { ask, fundings, begun } = faucet();
    for (let nth = 1; nth <= 61; nth += 1) {
      const answer = ask([walletAt(nth)]);
      await begun(nth);
      fundings.at(-1)?.end(new Error("no answer"));
      expect((await answer).status).toBe(502);
    }
  });

  it("does not take a failure of the earlier sale for one of this", async () => {
    const { door, ask, fundings, begun } = faucet();
    const earlier = ask([walletAt(1)]);
    await begun(1);
    door.startAnew();
    const later = ask([walletAt(1)]);
    await begun(2);
    fundings[1]?.end();
    fundings[0]?.end(new Error("no answer"));
    await Promise.all([earlier, later]);
    expect((await ask([walletAt(1)])).status).toBe(200);
  });

  it("leaves the number of a wallet's transactions alone when it funds it again", async () => {
    const { address: wallet } = privateKeyToAccount(generatePrivateKey());
    const setCode = (code: Hex) =>
      fetch(demo.rpcUrl, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "anvil_setCode", params: [SANDBOX_TOKENS.usdt, code] }),
      });
    await demo.reset();
    const token = await node.getCode({ address: SANDBOX_TOKENS.usdt });
    await setCode("0xfe");
    expect((await fund(wallet)).status).toBe(502);
    const nonce = 1 + (await node.getTransactionCount({ address: wallet })) + 3_600_000;
    await node.request({ method: "anvil_setNonce", params: [wallet, numberToHex(nonce)] });
    await setCode(token ?? "0x");
    expect((await fund(wallet)).status).toBe(201);
    expect(await node.getTransactionCount({ address: wallet })).toBe(nonce);
  });

  it("limits a network, the larger one around it, and all together, and says which", async () => {
    const door = new Door({
      echoOrigin: "",
      rpcUrl: "",
      chainId,
      operator,
      fund: () => Promise.resolve(),
    });
    let wallets = 0;
    const threeFrom = async (...networks: readonly string[]) => {
      const body = JSON.stringify({ wallets: [1, 2, 3].map(() => walletAt((wallets += 1))) });
      const request = new Request(`${PUBLIC_URL}/wallets`, { method: "POST", body });
      return (await door.answer({ request, path: "/wallets", networks })).text();
    };
    const repeat = async (times: number, networks: (index: number) => readonly string[]) => {
      const answers: string[] = [];
      for (let index = 0; index < times; index += 1) answers.push(await threeFrom(...networks(index)));
      return [answers.filter((text) => text === "Funded.\n").length, answers.at(-1)];
    };
    const tooMany = (by: string) => `Too many wallets have been funded ${by}. Wait for the demo's next reset.\n`;
    expect(await repeat(21, () => ["1:1:1:1", "1:1:1"])).toEqual([20, tooMany("from your network")]);
    expect(await repeat(61, (index) => [`1:1:1:${index + 2}`, "1:1:1"])).toEqual([60, tooMany("from your network")]);
    const others = await repeat(921, (index) => [`1:1:${index + 2}:1`, `1:1:${index + 2}`]);
    expect(others).toEqual([920, tooMany("by all visitors together")]);
  });
});

describe("the visitors of a public demo", () => {
  it("are limited for each network, and each counts once", async () => {
    const path = "/oauth/authorize";
    const decide = async (visitor?: number) => {
      const cookie = visitor === undefined ? "" : `demo-visitor=${String(visitor).padStart(43, "v")}`;
      const request = new Request(PUBLIC_URL + path, {
        method: "POST",
        body: new URLSearchParams(),
        headers: { cookie },
      });
      return (await demo.answer({ request, path, networks: ["203.0.113.2"] })).status;
    };
    const statuses = async (visitors: readonly (number | undefined)[]) => {
      const found: number[] = [];
      for (const visitor of visitors) found.push(await decide(visitor));
      return found;
    };
    // 400: the form is of no connection.
    expect(await statuses(Array.from({ length: 19 }, (_, index) => index))).toEqual(Array(19).fill(400));
    expect(await statuses([undefined, undefined, 20])).toEqual([400, 429, 429]);
    expect(await statuses([0, 18, 0]), "who is known may connect again").toEqual([400, 400, 400]);
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
