import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EMPTY_WALLET, MULTICALL, OPERATOR, SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { registeredProviders } from "@/lib/providers/index";
import { registeredStandIns } from "@/lib/providers/registry";
import { isDeployed } from "@/sandbox/chain/deploy";
import { startNode, type NodeOptions } from "@/sandbox/chain/node";
import { nodeClient, send } from "@/sandbox/chain/node-client";
import { closeServer } from "@/sandbox/http/service";
import { startSandbox, type RunningSandbox, type SandboxOptions } from "@/sandbox/start";
import { freePorts } from "@/tests/support/local-server";
import { SandboxClient } from "@/tests/support/sandbox/sandbox-client";
import { REDIRECT_URI, callEcho, obtainCode } from "@/tests/support/sandbox/sandbox-user";
import { untilReady } from "@/tests/support/app/app-process";
import { runSandboxCommand, type SandboxCommand } from "@/tests/support/sandbox/test-sandbox";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const OTHER_APP = "http://localhost:3999/oauth/callback";

let port: number;
beforeEach(async () => {
  port = await freePorts(2 + 2 * registeredProviders.length);
});

describe("starting the sandbox without a chain", () => {
  const chain = "none";

  it("runs it in this process, with its data in the folder", async () => {
    const folder = temporaryFolder();
    const sandbox = await startSandbox({ port, redirectUris: [REDIRECT_URI], dataFolder: folder.path, chain });
    expect(sandbox).toMatchObject({ echoOrigin: `http://127.0.0.1:${port}`, attached: false });
    await obtainCode(sandbox.echoOrigin);
    expect(existsSync(join(folder.path, `sandbox-echo-${port}.json`))).toBe(true);
    await sandbox.close();
    folder.remove();
  });

  it("attaches to one that already runs and registers the redirect URIs there", async () => {
    const first = await startSandbox({ port, redirectUris: [REDIRECT_URI], chain });
    const second = await startSandbox({ port, redirectUris: [OTHER_APP], chain });
    expect(second).toMatchObject({ echoOrigin: first.echoOrigin, attached: true });
    expect((await new SandboxClient(first.echoOrigin).health()).redirectUris).toEqual([REDIRECT_URI, OTHER_APP]);
    await second.close();
    expect((await obtainCode(first.echoOrigin, "ada", OTHER_APP)).code).not.toBe("");
    await first.close();
  });

  it("several times at once runs exactly one, which knows all apps", async () => {
    const uris = [1, 2, 3, 4].map((number) => `http://localhost:300${number}/cb`);
    const all = await Promise.all(uris.map((uri) => startSandbox({ port, redirectUris: [uri], chain })));
    expect(all.filter(({ attached }) => !attached)).toHaveLength(1);
    const { redirectUris } = await new SandboxClient(`http://127.0.0.1:${port}`).health();
    expect([...redirectUris].sort()).toEqual(uris);
    await Promise.all(all.map((sandbox) => sandbox.close()));
  });

  it("lists a history that was paid in the sale's first token", async () => {
    const { echoOrigin, close } = await startSandbox({
      port,
      redirectUris: [],
      chain,
      paymentTokens: ["usdt", "usdc"],
    });
    const answer = await callEcho(echoOrigin, "/sonar/v1/public/read-commitment-data", { SaleUUID: SANDBOX_SALE_UUID });
    expect(new Set((await answer.text()).match(/"Token":"\w+"/g))).toEqual(
      new Set([`"Token":"${SANDBOX_TOKENS.usdt}"`]),
    );
    await close();
  });

  it("finds its port free again after closing", async () => {
    await (await startSandbox({ port, redirectUris: [], chain })).close();
    await (await startSandbox({ port, redirectUris: [], chain })).close();
  });

  it.each([
    ["a page", "<p>hello</p>"],
    ["JSON of another service", '{"status":"ok"}'],
    ["another app's sandbox", '{"sandbox":"sonar","clientId":"somebody else"}'],
  ])("on a port where %s answers is a clear error", async (_, body) => {
    const stranger = createServer((_request, response) => response.end(body));
    await new Promise<void>((resolve) => stranger.listen(port, "127.0.0.1", resolve));
    await expect(startSandbox({ port, redirectUris: [], chain })).rejects.toThrow(/not this sandbox.*SANDBOX_PORT/);
    await closeServer(stranger);
  });

  it("reports the redirect URIs that a running one rejects", async () => {
    const first = await startSandbox({ port, redirectUris: [], chain });
    await expect(startSandbox({ port, redirectUris: ["nonsense"], chain })).rejects.toThrow("redirectUris[0]");
    await first.close();
  });
});

describe("starting the sandbox with its chain", () => {
  const started: RunningSandbox[] = [];
  afterEach(async () => {
    for (const sandbox of started.splice(0).reverse()) await sandbox.close();
  });

  const start = async (options: Partial<SandboxOptions> = {}) => {
    const sandbox = await startSandbox({ port, redirectUris: [REDIRECT_URI], ...options });
    started.push(sandbox);
    return sandbox;
  };
  const chainOf = async ({ echoOrigin }: RunningSandbox) => (await new SandboxClient(echoOrigin).health()).chainRpcUrl;
  const saleIsAt = async (rpcUrl = "") => isDeployed(nodeClient(rpcUrl));

  it("runs it on the next port, names it to Echo, and ends it on closing", async () => {
    const sandbox = await startSandbox({ port, redirectUris: [] });
    expect(sandbox.chainRpcUrl).toBe(`http://127.0.0.1:${port + 1}`);
    expect(await chainOf(sandbox)).toBe(sandbox.chainRpcUrl);
    expect(await saleIsAt(sandbox.chainRpcUrl)).toBe(true);
    await sandbox.close();
    await expect(saleIsAt(sandbox.chainRpcUrl)).rejects.toThrow();
  });

  it("takes free ports for both when asked to", async () => {
    const sandbox = await start({ port: 0 });
    expect(await saleIsAt(sandbox.chainRpcUrl)).toBe(true);
    expect(await chainOf(sandbox)).toBe(sandbox.chainRpcUrl);
  });

  it("attaches to the chain and the Echo of another process, and leaves both running", async () => {
    const first = await start();
    const second = await startSandbox({ port, redirectUris: [OTHER_APP] });
    expect(second).toMatchObject({ attached: true, chainRpcUrl: first.chainRpcUrl });
    await second.close();
    expect(await saleIsAt(first.chainRpcUrl)).toBe(true);
  });

  it("passes its chain to an Echo without one", async () => {
    const echoOnly = await start({ chain: "none" });
    expect(echoOnly.chainRpcUrl).toBeUndefined();
    expect(await chainOf(echoOnly)).toBeUndefined();
    const second = await start();
    expect(await chainOf(echoOnly)).toBe(second.chainRpcUrl);
  });

  it("runs no chain if a node is named, and does not change the one that Echo has", async () => {
    const rpcUrl = "http://127.0.0.1:9";
    const first = await start({ chain: { rpcUrl } });
    expect(first.chainRpcUrl).toBe(rpcUrl);
    await start({ chain: { rpcUrl: "http://127.0.0.1:10" } });
    expect(await chainOf(first)).toBe(rpcUrl);
    await expect(saleIsAt(`http://127.0.0.1:${port + 1}`)).rejects.toThrow();
  });

  it("ends the chain when another program uses Echo's port", async () => {
    const stranger = createServer((_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => stranger.listen(port, "127.0.0.1", resolve));
    await expect(startSandbox({ port, redirectUris: [] })).rejects.toThrow("not this sandbox");
    await expect(saleIsAt(`http://127.0.0.1:${port + 1}`)).rejects.toThrow();
    await closeServer(stranger);
  });
});

describe("starting the sandbox with a node that another program runs", () => {
  const parts: { close(): Promise<void> }[] = [];
  beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue());
  afterEach(async () => {
    for (const part of parts.splice(0).reverse()) await part.close();
  });

  const foreignNode = async (options: Partial<NodeOptions> = {}) => {
    const node = await startNode({ port: 0, chainId: SANDBOX_DEFAULT_CHAIN_ID, ...options });
    parts.push(node);
    return node;
  };
  const start = async (rpcUrl: string, chainId?: number) => {
    const sandbox = await startSandbox({ port, redirectUris: [], chain: { rpcUrl }, ...(chainId && { chainId }) });
    parts.push(sandbox);
    return sandbox;
  };
  const warning = () => String(vi.mocked(console.warn).mock.lastCall?.[0]);
  const hostOf = (rpcUrl: string) => new URL(rpcUrl).host;

  it("deploys the contracts there, once, and leaves the node running", async () => {
    const said = vi.spyOn(console, "log").mockReturnValue();
    const { rpcUrl } = await foreignNode({ chainId: 84_532 });
    const first = await start(rpcUrl, 84_532);
    expect(await isDeployed(nodeClient(rpcUrl))).toBe(true);
    expect(await nodeClient(rpcUrl).getCode({ address: MULTICALL })).toBeDefined();
    const { chain } = new SandboxClient(first.echoOrigin);
    expect(await chain.state()).toMatchObject({ chainId: 84_532, stage: "Commitment" });
    await chain.setStage("Settlement");
    await first.close();

    const second = await start(rpcUrl, 84_532);
    expect(await new SandboxClient(second.echoOrigin).chain.state()).toMatchObject({ stage: "Settlement" });
    expect(said).toHaveBeenCalledOnce();
    expect(console.warn).not.toHaveBeenCalled();
  });

  it("is refused with both ids if the node's chain has another one", async () => {
    const { rpcUrl } = await foreignNode({ chainId: 1337 });
    await expect(start(rpcUrl)).rejects.toThrow(
      `The chain of the node at ${hostOf(rpcUrl)} (RPC_URLS) has the id 1337, but the sandbox is set to 31337. Set SANDBOX_CHAIN_ID=1337`,
    );
    await expect(fetch(`http://127.0.0.1:${port}/sandbox/health`)).rejects.toThrow();
  });

  it("says that there is no contract if the node signs for nobody", async () => {
    const { rpcUrl } = await foreignNode({ forStrangers: true });
    const sandbox = await start(rpcUrl);
    expect(warning()).toContain(`has no contract at ${SANDBOX_SALE}, the sandbox's sale, and does not sign for`);
    expect(warning()).toContain("or unset RPC_URLS");
    await expect(new SandboxClient(sandbox.echoOrigin).chain.state()).rejects.toThrow(
      "there is no sale contract on the chain: reset the chain, or restart the sandbox",
    );
  });

  it("says so if the deployer has sent transactions before", async () => {
    const { rpcUrl } = await foreignNode();
    await send(nodeClient(rpcUrl), { from: OPERATOR, to: EMPTY_WALLET, data: "0x" });
    await start(rpcUrl);
    expect(warning()).toContain(`has no contract at ${SANDBOX_SALE}`);
    expect(warning()).toContain("Restart that node with an empty state, then the sandbox.");
  });

  it("says so if another contract is there", async () => {
    const { rpcUrl } = await foreignNode();
    await nodeClient(rpcUrl).request({ method: "hardhat_setCode", params: [SANDBOX_SALE, "0x00"] });
    await start(rpcUrl);
    expect(warning()).toContain(`has another contract, or another version of it, at ${SANDBOX_SALE}.`);
  });

  it("says so if the node is not responding, and shows no key of its URL", async () => {
    await start("http://127.0.0.1:9/v2/secret-key?key=secret-key");
    expect(warning()).toContain("sandbox: the node at 127.0.0.1:9 (RPC_URLS) is not responding. Start it");
    expect(warning()).not.toContain("secret-key");
  });
});

describe("npm run sandbox", () => {
  let running: SandboxCommand | undefined;
  afterEach(() => running?.stop());

  const run = (env: Readonly<Record<string, string>>) => (running = runSandboxCommand(env));

  it.each(["SIGINT", "SIGTERM"] as const)("prints its addresses, and stops cleanly on %s", async (signal) => {
    const sandbox = run({
      SANDBOX_PORT: String(port),
      SANDBOX_CHAIN_ID: "84532",
      SANDBOX_PAYMENT_TOKENS: "USDT,USDC",
      SALE_CHAIN_ID: "8453",
      APP_URL: "http://localhost:3456",
    });
    await untilReady(sandbox, `http://127.0.0.1:${port}/sandbox/health`);
    await obtainCode(`http://127.0.0.1:${port}`, "ada", "http://localhost:3456/oauth/callback");
    sandbox.kill(signal);
    expect(await sandbox.exitCode).toBe(0);
    expect(sandbox.logs()).toContain(`http://127.0.0.1:${port}`);
    expect(sandbox.logs()).toContain("http://localhost:3456/oauth/callback");
    for (const fact of [
      `http://127.0.0.1:${port + 1}`,
      "chain id 84532",
      SANDBOX_SALE,
      `${SANDBOX_TOKENS.usdt} (USDT), ${SANDBOX_TOKENS.usdc} (USDC)`,
    ]) {
      expect(sandbox.logs()).toContain(fact);
    }
    expect(sandbox.logs().match(/The sandbox ignores SALE_CHAIN_ID:/g)).toHaveLength(1);
    expect(existsSync(join(sandbox.folder, ".data", `sandbox-echo-${port}.json`))).toBe(true);
  });

  it("stops even while an answer is delayed for minutes", async () => {
    const origin = `http://127.0.0.1:${port}`;
    const sandbox = run({ SANDBOX_PORT: String(port) });
    await untilReady(sandbox, `${origin}/sandbox/health`);
    await new SandboxClient(origin).setFault({ endpoint: "*", latencyMs: 120_000 });
    const delayed = callEcho(origin, "/externalapi.MyProfile", {});
    const outcome = expect(delayed).rejects.toThrow("fetch failed");
    await vi.waitFor(async () => expect(await new SandboxClient(origin).requests()).toHaveLength(1));
    sandbox.kill("SIGTERM");
    expect(await sandbox.exitCode).toBe(0);
    await outcome;
  });

  it("adds its redirect URI to one that already runs, says so and ends", async () => {
    const providers = registeredStandIns(port).map((standIn) => ({ ...standIn, redirectUris: [] }));
    const running = await startSandbox({ port, redirectUris: [], providers });
    const second = run({ SANDBOX_PORT: String(port), SONAR_REDIRECT_URI: OTHER_APP });
    expect(await second.exitCode).toBe(0);
    expect(second.logs()).toContain("already running");
    expect((await new SandboxClient(running.echoOrigin).health()).redirectUris).toEqual([OTHER_APP]);
    await running.close();
  });

  it.each([
    ["SANDBOX_PORT", "http", "from 1 to 65500"],
    ["SANDBOX_CHAIN_ID", "base", "from 1 to 9007199254740991"],
  ])("ends with a sentence if %s is %s", async (variable, value, range) => {
    const sandbox = run({ [variable]: value });
    expect(await sandbox.exitCode).toBe(1);
    expect(sandbox.logs().trim()).toBe(`${variable} must be a whole number ${range}.`);
  });
});
