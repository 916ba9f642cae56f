import { encodeFunctionData, erc20Abi, zeroAddress, type Address, type Hex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { saleAbi } from "@/lib/sale/abi";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { sandboxUsdcAbi } from "@/sandbox/chain/artifacts/sandbox-usdc-abi";
import { OPERATOR, SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { nodeClient } from "@/sandbox/chain/node-client";
import { saleReader } from "@/sandbox/chain/sale-reader";
import { CHAIN_CONTROLS } from "@/sandbox/echo/control/control-routes";
import { buildPermit } from "@/sandbox/echo/permits/permit";
import { signPermit } from "@/sandbox/echo/permits/sign-permit";
import { PERSONAS } from "@/sandbox/echo/personas/all-personas";
import { readPermit } from "@/lib/purchase/permit";
import { startPublicDemo, type DemoVisitor, type TestDemo } from "@/tests/support/app/demo-visitor";

/** The first account of every development chain, which deploys the sandbox's contracts. Its key is public. */
const PUBLIC_KEY = mnemonicToAccount("test test test test test test test test test test test junk");

const FUNDS = 100_000_000_000n;

let demo: TestDemo;
beforeAll(async () => {
  demo = await startPublicDemo();
});
afterAll(() => demo.close());

/** Everything that belongs to all visitors together, read around the door. */
async function sharedState() {
  const node = nodeClient(`http://127.0.0.1:${demo.sandboxPort + 1}`);
  const { stage, paused, claimRefundEnabled, reduceCommitmentEnabled, maxWalletsPerEntity, time } = await saleReader(
    node,
    SANDBOX_SALE,
  ).facts();
  const ahead = Math.abs(time - Date.now() / 1000) > 60;
  return { stage, paused, claimRefundEnabled, reduceCommitmentEnabled, maxWalletsPerEntity, ahead };
}

const AT_FIRST = {
  stage: "Commitment",
  paused: false,
  claimRefundEnabled: false,
  reduceCommitmentEnabled: false,
  maxWalletsPerEntity: 30,
  ahead: false,
};

describe("a visitor who presses and sends everything", () => {
  let victim: DemoVisitor;
  let attacker: DemoVisitor;

  beforeAll(async () => {
    [victim, attacker] = await Promise.all([demo.readyVisitor(), demo.readyVisitor()]);
    await victim.commit(5_000_000n);
  });

  const CONTROLS = [
    ...CHAIN_CONTROLS.map(([method, path]) => [method, path] as const),
    ["GET", "health"],
    ["GET", "faults"],
    ["PUT", "faults"],
    ["DELETE", "faults"],
    ["PUT", "token-lifetime"],
    ["POST", "expire-access-tokens"],
    ["POST", "revoke-everything"],
    ["POST", "reset"],
    ["GET", "requests"],
    ["PUT", "redirect-uris"],
    ["POST", "commitments"],
  ] as const;

  it("finds no control, neither at the door nor on the sandbox's own port", async () => {
    const paths = (path: string) => [
      `${demo.url}/sandbox/sandbox/${path}`,
      `${demo.url}/sandbox/${path}`,
      `${demo.url}/sandbox/oauth/..%2fsandbox%2f${path}`,
      `${demo.url}/sandbox//127.0.0.1:${demo.sandboxPort}/sandbox/${path}`,
      `http://127.0.0.1:${demo.sandboxPort}/sandbox/${path}`,
    ];
    const headers = { Origin: demo.url, "Content-Type": "application/json", "X-Forwarded-For": "203.0.113.200" };
    for (const [method, path] of CONTROLS) {
      for (const url of paths(path)) {
        const answer = await fetch(url, { method, headers, ...(method !== "GET" && { body: "{}" }) });
        expect([404, 405], `${method} ${url}`).toContain(answer.status);
      }
    }
    expect((await fetch(`http://127.0.0.1:${demo.sandboxPort}/`)).status).toBe(404);
  });

  it("reaches none of the pages' neighbours, and no page from another site", async () => {
    const neighbours = ["externalapi.MyProfile", "oauth.RefreshAccessToken", "sonar/v1/public/read-commitment-data"];
    for (const path of neighbours) expect((await attacker.post(path, {})).status, path).toBe(404);
    const foreign = { method: "POST", headers: { Origin: "https://evil.example" } };
    for (const path of ["oauth/authorize", "wallets", "rpc"]) {
      expect((await attacker.browser.send(new URL(`/sandbox/${path}`, demo.url), foreign)).status).toBe(403);
    }
  });

  it("gets refusals for rubbish and for large bodies", async () => {
    for (const body of ["", "{", "null", "[]", "[[]]", '{"id":1}', '{"id":{},"method":"eth_chainId"}', "\u0000"]) {
      const answer = (await (await attacker.post("rpc", body)).json()) as { error?: { code: number } };
      // No such method, or no request at all.
      expect(answer.error?.code, body).toBe(body === '{"id":1}' ? -32601 : -32600);
      expect((await attacker.post("wallets", body)).status).toBe(400);
    }
    const large = "x".repeat(30_000);
    for (const path of ["rpc", "wallets", "oauth/authorize"])
      expect((await attacker.post(path, large)).status).toBe(413);
    expect((await attacker.post("wallets", { wallets: Array(4).fill(zeroAddress) })).status).toBe(400);
    expect((await attacker.browser.submit(`${demo.url}/sandbox/oauth/authorize`, { decision: "approve" })).status).toBe(
      400,
    );
  });

  it("has no method of the node that changes anything, sees accounts, or takes long", async () => {
    const methods = [
      ...["anvil_setBalance", "anvil_reset", "anvil_setCode", "anvil_impersonateAccount", "anvil_setStorageAt"],
      ...["evm_mine", "evm_increaseTime", "evm_snapshot", "evm_revert", "evm_setNextBlockTimestamp", "hardhat_reset"],
      ...[
        "eth_sendTransaction",
        "eth_sign",
        "eth_signTransaction",
        "eth_accounts",
        "eth_signTypedData_v4",
        "eth_getLogs",
      ],
      ...[
        "eth_sendUnsignedTransaction",
        "eth_newFilter",
        "eth_subscribe",
        "eth_getProof",
        "eth_simulateV1",
        "eth_coinbase",
      ],
      ...[
        "debug_traceTransaction",
        "trace_block",
        "txpool_content",
        "personal_sign",
        "wallet_getCapabilities",
        "rpc_modules",
      ],
      ...["__proto__", "constructor", "ETH_CHAINID", ""],
    ];
    for (const method of methods) {
      const { error } = await attacker.rpc(method, [OPERATOR, "0x1"]);
      expect(error?.code, method).toBe(-32601);
    }
    const batch = [{ jsonrpc: "2.0", id: 1, method: "evm_mine", params: [] }];
    expect(await (await attacker.post("rpc", batch)).json()).toMatchObject({ error: { code: -32600 } });
  });

  it("reads nothing but the sale and its tokens", async () => {
    const data = encodeFunctionData({ abi: saleAbi, functionName: "stage" });
    expect((await attacker.rpc("eth_call", [{ to: SANDBOX_SALE, data }])).result).toBeDefined();
    const others = [
      [{ data: "0x5b600056" }],
      [{ to: null, data: "0x5b600056" }],
      [{ to: OPERATOR, data }],
      [{ to: SANDBOX_SALE, data: `0x${"00".repeat(9_000)}` }],
      [{ to: SANDBOX_SALE, data }, "latest".repeat(9)],
      [{ to: SANDBOX_SALE, data, gas: "0x" }],
      ["latest"],
    ];
    for (const params of others) {
      expect((await attacker.rpc("eth_call", params)).error?.code).toBe(-32602);
      expect((await attacker.rpc("eth_estimateGas", params)).error?.code).toBe(-32602);
    }
    // The parameter that overrides the state is dropped: the call sees the true stage.
    const overridden = { [SANDBOX_SALE]: { code: "0x60ff60005260206000f3" } };
    expect((await attacker.rpc("eth_call", [{ to: SANDBOX_SALE, data }, "latest", overridden])).result).toMatch(/1$/);
  });

  it("sends no transaction but a buyer's own", async () => {
    const mint = (to: Address) =>
      encodeFunctionData({ abi: sandboxUsdcAbi, functionName: "mint", args: [to, 2n ** 255n] });
    const stage = encodeFunctionData({ abi: sandboxSaleAbi, functionName: "unsafeSetStage", args: [4] });
    const pause = encodeFunctionData({ abi: sandboxSaleAbi, functionName: "setPaused", args: [true] });
    const approve = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [SANDBOX_SALE, 1n] });
    const { address } = attacker.account;
    const publicAccount = { account: PUBLIC_KEY };
    const refused: Hex[] = [
      await attacker.sign(SANDBOX_TOKENS.usdc, mint(address)),
      await attacker.sign(SANDBOX_SALE, stage),
      await attacker.sign(SANDBOX_SALE, stage, publicAccount),
      await attacker.sign(SANDBOX_SALE, pause, publicAccount),
      // The deployer's key is known to everybody. The faucet refuses it, so that it sends nothing at all.
      await attacker.sign(SANDBOX_TOKENS.usdc, approve, publicAccount),
      await attacker.sign(undefined, "0x5b600056"),
      await attacker.sign(victim.account.address, "0x"),
      await attacker.sign(SANDBOX_TOKENS.usdc, approve, { gas: 29_000_000n }),
      await attacker.sign(SANDBOX_TOKENS.usdc, approve, { value: 1n }),
      "0x02",
      "0x",
      `0x04${"c0".repeat(20)}`,
    ];
    expect((await attacker.fund(PUBLIC_KEY.address)).status).toBe(400);
    for (const raw of refused) expect((await attacker.rpc("eth_sendRawTransaction", [raw])).error?.code).toBe(-32003);
  });

  it("cannot bid for another's entity, with a permit of one's own or under the key that is public", async () => {
    const { SaleSpecificEntityID } = await victim.entity();
    const [ada] = PERSONAS[0]?.entities ?? [];
    if (!ada) throw new Error("There is no Ada.");
    const entity = { ...ada, details: { ...ada.details, SaleSpecificEntityID } };
    const now = Math.floor(Date.now() / 1000);
    const wallet = attacker.account.address;
    const forged = buildPermit({ entity, wallet, saleUuid: SANDBOX_SALE_UUID, now, anchor: now - (now % 86_400) });
    const read = readPermit(forged as unknown as Parameters<typeof readPermit>[0]);
    if (!read.ok) throw new Error(read.problem.sentence);
    const bid = { lockup: false, price: 0n, amount: 5_000_000n };
    const args = [SANDBOX_TOKENS.usdc, bid, read.value.permit, await signPermit(forged)] as const;
    const data = encodeFunctionData({ abi: saleAbi, functionName: "replaceBidWithApproval", args });
    expect(await attacker.send(SANDBOX_SALE, data)).toBe("reverted");
  });

  it("cannot pass, or even see, the face check of another", async () => {
    const [checked, other] = [await demo.readyVisitor("hedy"), await demo.readyVisitor("hedy")];
    const { EntityID } = await checked.entity();
    const path = `${demo.url}/sandbox/liveness/${EntityID}`;
    expect((await other.browser.get(path)).status).toBe(404);
    expect((await other.browser.submit(path)).status).toBe(404);
    expect((await checked.browser.get(path)).status).toBe(200);
  });

  it("has changed nothing: stage, clock, and the connection, tokens and commitment of another", async () => {
    expect(await sharedState()).toEqual(AT_FIRST);
    expect(await victim.committed()).toBe(5_000_000n);
    const { account, chain } = victim;
    const balance = { abi: erc20Abi, address: SANDBOX_TOKENS.usdc, functionName: "balanceOf" } as const;
    expect(await chain.readContract({ ...balance, args: [account.address] })).toBe(FUNDS - 5_000_000n);
    await victim.commit(6_000_000n);
    expect(await victim.committed()).toBe(6_000_000n);
  });
});
