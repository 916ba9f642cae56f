import { randomUUID } from "node:crypto";
import { encodeFunctionData, keccak256, stringToHex, type Address } from "viem";
import { afterEach, describe, expect, it } from "vitest";
import { SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { shortenAddress } from "@/lib/sale/hex";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { EMPTY_WALLET, OPERATOR, SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { chainControl } from "@/sandbox/chain/control";
import { nodeClient, send } from "@/sandbox/chain/node-client";
import { permitSigner } from "@/sandbox/echo/permits/sign-permit";
import { NOBODY } from "@/tests/support/app/app-environment";
import { answerJson, type LocalServer } from "@/tests/support/local-server";
import { answering } from "@/tests/support/oauth/standard-bench";
import { callBothUsdc } from "@/tests/support/purchase/one-symbol";
import { APP_URL, hostOf, lineOf, openDoctorBench, serve } from "@/tests/support/sandbox/doctor-bench";

const FIVE_MINUTES = 5 * 60_000;

const bench = openDoctorBench();

/** A node that passes requests on to the chain and changes the answers. */
function nodeWith(change: (answer: { result?: unknown }, method: string) => unknown): Promise<LocalServer> {
  return serve(async ({ body }, response) => {
    const headers = { "content-type": "application/json" };
    const answer = await (await fetch(bench.sandbox.rpcUrl, { method: "POST", headers, body })).json();
    answerJson(response, 200, change(answer, JSON.parse(body).method));
  });
}

describe("nodes", () => {
  it("another chain", async () => {
    const node = hostOf(bench.sandbox.rpcUrl);
    expect(await bench.faults({ SALE_CHAIN_ID: "8453" })).toEqual([
      `RPC_URLS (${node}): is a node of chain 31337, not of 8453 (Base). Correct the URL or SALE_CHAIN_ID.`,
      `PUBLIC_RPC_URLS (${node}): is a node of chain 31337, not of 8453 (Base). Correct the URL or SALE_CHAIN_ID.`,
      "sale contract: could not be read, because no node of its chain answers. Correct the RPC URLs first.",
    ]);
  });

  it("each of several that does not work, by its number", async () => {
    const page = await serve((_request, response) => void response.end("<html>canary</html>"));
    const silent = await serve(() => undefined);
    const locked = await serve(answering({ error: { code: -32_000, message: "bad key canary" } }, 401));
    const moved = await serve((_request, response) => void response.writeHead(301, { location: APP_URL }).end());
    const urls = [page, silent, locked, moved].map(({ origin }) => `${origin}/canary`);
    const found = await bench.faults(
      { RPC_URLS: [...urls, NOBODY, bench.setting("RPC_URLS")].join() },
      { patienceMs: 3_000 },
    );
    expect(found).toEqual([
      `RPC_URLS 1 (${hostOf(page.origin)}): answers, but not with JSON-RPC, as if it were a web page. Copy the RPC URL again.`,
      `RPC_URLS 2 (${hostOf(silent.origin)}): does not answer in time. Use another node.`,
      `RPC_URLS 3 (${hostOf(locked.origin)}): refuses the request (401). Check the key in this URL.`,
      `RPC_URLS 4 (${hostOf(moved.origin)}): redirects to another address, which is not followed. Set that address instead.`,
      `RPC_URLS 5 (127.0.0.1:9): cannot be reached. Check the URL, and this machine's network.`,
    ]);
  });

  it("one that lacks the contract, or whose blocks are old", async () => {
    const behind = await nodeWith((answer, method) =>
      method === "eth_getCode" ? { ...answer, result: "0x" } : answer,
    );
    const stuck = await nodeWith((answer, method) =>
      method === "eth_getBlockByNumber" ? { ...answer, result: { timestamp: "0x60000000" } } : answer,
    );
    const found = await bench.faults({ RPC_URLS: [bench.setting("RPC_URLS"), behind.origin, stuck.origin].join() });
    expect(found).toEqual([
      `RPC_URLS 2 (${hostOf(behind.origin)}): does not have the sale's contract, which another node has: it is behind. Use another node.`,
      expect.stringMatching(
        /^RPC_URLS 3 \(.+\): is behind its chain: its latest block is \d+ minutes old\. Use another node\.$/,
      ),
    ]);
  });

  it("one whose blocks are so old that pages say so is noted, since it may be the chain or the clock", async () => {
    const time = `0x${Math.floor(Date.now() / 1_000 - 65).toString(16)}`;
    const late = await nodeWith((answer, method) =>
      method === "eth_getBlockByNumber" ? { ...answer, result: { timestamp: time } } : answer,
    );
    const found = await bench.findings({ RPC_URLS: late.origin });
    const line = found.find(({ subject }) => subject.startsWith("RPC_URLS"));
    expect(line).toMatchObject({ level: "note", text: expect.stringMatching(/latest block is \d\d seconds old/) });
  });

  it.each([
    ["its answers", "POST"],
    ["anything, since it refuses the question before", "OPTIONS"],
  ])("one that lets pages not read %s", async (_name, closed) => {
    const node = await serve(async ({ method, body }, response) => {
      if (method !== closed) response.setHeader("access-control-allow-origin", "*");
      if (method === "OPTIONS") return void response.writeHead(204, { "access-control-allow-headers": "*" }).end();
      const headers = { "content-type": "application/json" };
      answerJson(response, 200, await (await fetch(bench.sandbox.rpcUrl, { method, headers, body })).json());
    });
    expect(await bench.faults({ PUBLIC_RPC_URLS: node.origin })).toEqual([
      `PUBLIC_RPC_URLS (${hostOf(node.origin)}): does not let pages of ${APP_URL} read its answers (CORS). ` +
        "Allow that site at the provider, or use another node.",
    ]);
  });
});

describe("contract", () => {
  const control = () => chainControl(bench.sandbox.rpcUrl);
  const setCode = (address: Address, code: string) =>
    fetch(bench.sandbox.rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "anvil_setCode", params: [address, code] }),
    });

  afterEach(async () => {
    await control().reset();
  });

  it("no code at the address", async () => {
    const [fault, ...others] = await bench.faults({ SALE_CONTRACT_ADDRESS: EMPTY_WALLET });
    expect(fault).toMatch(
      new RegExp(
        `^sale contract: there is no contract at ${EMPTY_WALLET} on chain 31337 \\(.+\\)\\. Correct SALE_CONTRACT`,
      ),
    );
    expect(others).toEqual([]);
  });

  it("a contract that is no sale", async () => {
    expect(await bench.faults({ SALE_CONTRACT_ADDRESS: SANDBOX_TOKENS.usdt })).toEqual([
      "sale contract: the contract at SALE_CONTRACT_ADDRESS is no sale of Sonar's. Copy the address from Echo's founder dashboard.",
    ]);
  });

  it("another version, whose stages mean something else", async () => {
    await setCode(SANDBOX_SALE, "0x600160005260606000f3");
    expect(await bench.faults()).toEqual([
      "sale contract: The sale contract is version 1.0.0, but this site only works with version 2. Update this site, or correct SALE_CONTRACT_ADDRESS.",
    ]);
  });

  it("the contract of another sale", async () => {
    const found = await bench.faults({ SONAR_SALE_UUID: randomUUID() });
    expect(found).toContain(
      `sale contract: it is the contract of another sale (${SANDBOX_SALE_UUID}). Correct SALE_CONTRACT_ADDRESS or SONAR_SALE_UUID.`,
    );
  });

  it("no permit signer", async () => {
    const args = [keccak256(stringToHex("PURCHASE_PERMIT_SIGNER_ROLE")), permitSigner().address] as const;
    const data = encodeFunctionData({ abi: sandboxSaleAbi, functionName: "revokeRole", args });
    await send(nodeClient(bench.sandbox.rpcUrl), { from: OPERATOR, to: SANDBOX_SALE, data });
    expect(await bench.faults()).toEqual([
      "permit signer: none is set, so the contract refuses every commitment. Ask Echo to set it before the sale opens.",
    ]);
  });

  it("tokens whose decimals differ", async () => {
    // Answers every call with 18.
    await setCode(SANDBOX_TOKENS.usdt, "0x601260005260206000f3");
    const [fault, ...others] = await bench.faults();
    expect(fault).toMatch(
      /^payment tokens: USDC \(6 decimals\), .+ \(18 decimals\): a sale's tokens must have the same/,
    );
    expect(others).toEqual([]);
  });

  it("tokens whose decimals are not those of Sonar", async () => {
    const all = Object.values(SANDBOX_TOKENS).map((token) => setCode(token, "0x601260005260206000f3"));
    await Promise.all(all);
    const [fault, ...others] = await bench.faults();
    expect(fault).toMatch(
      /but Sonar counts this sale with 6 decimals\. Ask Echo which is right before the sale opens\.$/,
    );
    expect(others).toEqual([]);
  });

  it("tokens of one symbol, which pages name with their addresses", async () => {
    await callBothUsdc(nodeClient(bench.sandbox.rpcUrl));
    const named = Object.values(SANDBOX_TOKENS).map((token) => `USDC (${shortenAddress(token)}) (6 decimals)`);
    expect((await bench.findings()).map(lineOf)).toContain(
      `payment tokens: ${named.join(", ")}. Some have the same symbol, so pages and files name them with their addresses.`,
    );
  });

  it("a token without a contract", async () => {
    await setCode(SANDBOX_TOKENS.usdc, "0x");
    expect(await bench.faults()).toEqual([
      `payment tokens: no token answers at ${SANDBOX_TOKENS.usdc}. Ask Echo to correct the contract's list.`,
    ]);
  });
});

it("this machine's clock is five minutes ahead", async () => {
  expect(await bench.faults({}, { now: () => Date.now() + FIVE_MINUTES })).toEqual([
    "clock: this machine is 5 minutes ahead compared with the database. " +
      "Switch on time synchronisation (NTP): sessions, permits and tokens depend on it.",
  ]);
});
