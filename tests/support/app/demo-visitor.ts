import {
  createPublicClient,
  createWalletClient,
  custom,
  encodeFunctionData,
  type Address,
  type Hex,
  type LocalAccount,
} from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { tokenAbi } from "@/lib/sale/abi";
import { positionIn, type Positions } from "@/lib/purchase/position";
import type { Result } from "@/lib/result";
import { SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { startApp } from "@/tests/support/app/app-process";
import { acceptTerms, callAction } from "@/tests/support/app/call-action";
import { beginConnect, HttpBrowser, redirectOf, signIn } from "@/tests/support/app/http-browser";
import { freePort } from "@/tests/support/local-server";
import { bidData, type AnsweredPermit } from "@/tests/support/sandbox/sandbox-buyer";
import { temporaryFolder } from "@/tests/support/temporary-folder";

interface Entity {
  EntityID: string;
  SaleSpecificEntityID: Hex;
}

interface Signing {
  account: LocalAccount;
  gas: bigint;
  value: bigint;
}

/** The answer of a node, or of the door in its place. */
export interface RpcAnswer {
  status: number;
  result?: unknown;
  error?: { code: number; message: string };
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`The app answered ${result.error.code}`);
  return result.data;
}

/** A visitor of a public demo over HTTP, at a network address of its own, with a wallet that only it has the key of. */
export class DemoVisitor {
  readonly browser: HttpBrowser;

  constructor(
    readonly appUrl: string,
    address: string,
    readonly account: LocalAccount = privateKeyToAccount(generatePrivateKey()),
  ) {
    this.browser = new HttpBrowser(address);
  }

  /** Signs in, and connects as a persona by the demo's consent page. */
  async connect(persona = "ada"): Promise<void> {
    await signIn(this.browser, this.appUrl);
    await this.connectAgain(persona);
  }

  async connectAgain(persona = "ada"): Promise<void> {
    const consent = await beginConnect(this.browser, this.appUrl);
    const page = await this.browser.get(consent);
    if (!page.ok) throw new Error(`The consent page answered ${page.status}`);
    const form = { ...Object.fromEntries(consent.searchParams), persona, decision: "approve" };
    const callback = redirectOf(await this.browser.submit(new URL(consent.pathname, consent), form));
    if (!callback) throw new Error("The consent page did not redirect");
    await this.browser.get(callback);
  }

  disconnect(): Promise<Response> {
    return this.browser.submit(new URL("/auth/disconnect/sonar", this.appUrl));
  }

  /** The first of its entities. */
  async entity(): Promise<Entity> {
    const { Entities } = valueOf(await this.call<{ Entities: Entity[] }>("getEntities", {}));
    const [entity] = Entities;
    if (!entity) throw new Error("The persona has no entity");
    return entity;
  }

  /** The total that its first entity has committed. */
  async committed(): Promise<bigint> {
    const { EntityID } = await this.entity();
    const positions = valueOf(await this.call<Positions>("getPositions", {}));
    return positionIn(positions, EntityID)?.bid.amount ?? 0n;
  }

  call<T>(action: string, ...args: unknown[]): Promise<Result<T>> {
    return callAction(this.browser, this.appUrl, action, ...args);
  }

  /** Posts JSON below the demo's path, as a page of the app does. */
  post(path: string, body: unknown): Promise<Response> {
    return this.browser.send(new URL(`/sandbox/${path}`, this.appUrl), {
      method: "POST",
      headers: { Origin: this.appUrl, "Content-Type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  fund(...wallets: Address[]): Promise<Response> {
    return this.post("wallets", { wallets: wallets.length > 0 ? wallets : [this.account.address] });
  }

  async rpc(method: string, params: readonly unknown[] = []): Promise<RpcAnswer> {
    const answer = await this.post("rpc", { jsonrpc: "2.0", id: 1, method, params });
    const body: Omit<RpcAnswer, "status"> = JSON.parse(await answer.text());
    return { ...body, status: answer.status };
  }

  /** viem's client of the demo's chain. */
  get chain() {
    const request = async ({ method, params }: { method: string; params?: readonly unknown[] }) => {
      const { result, error } = await this.rpc(method, params);
      if (error) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    };
    return createPublicClient({ chain: foundry, transport: custom({ request }), pollingInterval: 50 });
  }

  /** Signs a transaction, with its own key unless another one is given. */
  async sign(
    to: Address | undefined,
    data: Hex,
    { account = this.account, gas = 1_000_000n, value = 0n }: Partial<Signing> = {},
  ): Promise<Hex> {
    const { chain } = this;
    const nonce = await chain.getTransactionCount({ address: account.address });
    const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n };
    const wallet = createWalletClient({ account, chain: foundry, transport: custom(chain) });
    return wallet.signTransaction({ to, data, nonce, gas, value, ...fees });
  }

  /** Sends a transaction and waits for it. */
  async send(to: Address, data: Hex): Promise<"success" | "reverted"> {
    const { chain } = this;
    const hash = await chain.sendRawTransaction({ serializedTransaction: await this.sign(to, data) });
    return (await chain.waitForTransactionReceipt({ hash })).status;
  }

  /** The call data of a bid for its first entity, under a permit that the app gets for it. */
  async bidData(amount: bigint): Promise<Hex> {
    const { EntityID: entityID } = await this.entity();
    await acceptTerms(this.browser, this.appUrl, entityID);
    const input = { entityID, walletAddress: this.account.address };
    const permit = valueOf(await this.call<AnsweredPermit>("generatePurchasePermit", input));
    return bidData(SANDBOX_TOKENS.usdc, permit, { amount });
  }

  /** Approves and commits. */
  async commit(amount: bigint): Promise<void> {
    const approval = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [SANDBOX_SALE, amount] });
    const sent = [
      await this.send(SANDBOX_TOKENS.usdc, approval),
      await this.send(SANDBOX_SALE, await this.bidData(amount)),
    ];
    if (sent.includes("reverted")) throw new Error("The commitment reverted");
  }
}

/** A public demo: the production build with a sandbox of its own. */
export interface TestDemo {
  url: string;
  /** The port of its Echo; the next one is its chain's. */
  sandboxPort: number;
  /** A visitor, from a network address that no other one has unless it is given. */
  visitor(address?: string): DemoVisitor;
  /** A visitor who is connected and has a funded wallet. */
  readyVisitor(persona?: string): Promise<DemoVisitor>;
  /** Stops it and starts it again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the production build as a public demo. */
export async function startPublicDemo(): Promise<TestDemo> {
  const folder = temporaryFolder();
  const [port, sandboxPort] = [await freePort(), await freePort()];
  const usual = appEnvironment({ databaseUrl: `file:${folder.path}/app.db`, sandboxPort });
  const env = { ...usual, SANDBOX_DEMO: "1", RPC_URLS: "", PUBLIC_RPC_URLS: "" };
  let app = await startApp({ port, env });
  const { url } = app;
  let visitors = 0;
  const visitor = (address = `203.0.113.${(visitors += 1)}`) => new DemoVisitor(url, address);
  return {
    url,
    sandboxPort,
    visitor,
    async readyVisitor(persona) {
      const ready = visitor();
      await ready.connect(persona);
      await ready.fund();
      return ready;
    },
    async restart() {
      await app.stop();
      app = await startApp({ port, env });
    },
    async close() {
      await app.stop();
      folder.remove();
    },
  };
}
