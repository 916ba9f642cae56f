import { setTimeout as sleep } from "node:timers/promises";
import { createWalletClient, encodeFunctionData, http, type Hex } from "viem";
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { foundry } from "viem/chains";
import { SANDBOX_SALE } from "@/lib/config/sandbox";
import { positionIn, type Positions } from "@/lib/purchase/position";
import type { Result } from "@/lib/result";
import { tokenAbi } from "@/lib/sale/abi";
import { SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { nodeClient } from "@/sandbox/chain/node-client";
import { acceptTerms, callAction } from "@/tests/support/app/call-action";
import { HttpBrowser } from "@/tests/support/app/http-browser";
import { connectPerson, type BenchSite } from "@/tests/support/bench/bench-site";
import { bidData, type AnsweredPermit } from "@/tests/support/sandbox/sandbox-buyer";

/** A person who is told that Sonar has refused presses again after this (milliseconds), and gives up after so many presses. */
const AGAIN_MS = 1_000;
const MOST_PRESSES = 20;

/** In smallest units of USDC. */
const AMOUNT = 125_000_000n;

/** What the site's answers to a person may say that the upstream is to blame for. */
const OF_UPSTREAM = /^api\/|^oauth\/|rate_limit|throttled/;

/** One person of the opening minute, with a wallet of their own. */
export class OpeningPerson {
  readonly browser: HttpBrowser;
  readonly account: PrivateKeyAccount = privateKeyToAccount(generatePrivateKey());
  /** How often this person had to press again. */
  presses = 0;

  constructor(
    private readonly site: BenchSite,
    address: string,
  ) {
    this.browser = new HttpBrowser(address);
  }

  /** Signs in, connects, and sees the page. */
  async connect(): Promise<void> {
    await this.insist(async () => {
      const page = await connectPerson(this.browser, this.site.app.url);
      return page.includes("Your participation") ? undefined : "oauth/refused";
    });
  }

  /** True if the connection still works. */
  async isConnected(): Promise<boolean> {
    return (await callAction(this.browser, this.site.app.url, "getProfile", {})).ok;
  }

  /** Does what the press of "Commit" does, and resolves when the site shows the commitment: with the milliseconds since the chain has confirmed it. */
  async commit(): Promise<number> {
    const { Entities } = await this.call<{ Entities: { EntityID: string }[] }>("getEntities", {});
    const entityID = Entities[0]?.EntityID ?? "";
    const input = { entityID, walletAddress: this.account.address };
    await acceptTerms(this.browser, this.site.app.url, entityID);
    await this.call("prePurchaseCheck", input);
    const permit = await this.call<AnsweredPermit>("generatePurchasePermit", input);
    const approval = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [SANDBOX_SALE, AMOUNT] });
    await this.send(SANDBOX_TOKENS.usdc, approval, 0);
    const atBlock = await this.send(SANDBOX_SALE, bidData(SANDBOX_TOKENS.usdc, permit, { amount: AMOUNT }), 1);
    const confirmedAt = performance.now();
    for (;;) {
      const positions = await this.call<Positions>("getPositions", { atBlock });
      if (positionIn(positions, entityID)?.bid.amount === AMOUNT) return performance.now() - confirmedAt;
      await sleep(200);
    }
  }

  private async send(to: Hex, data: Hex, nonce: number): Promise<number> {
    const node = nodeClient(this.site.upstream.rpcUrl);
    const wallet = createWalletClient({
      account: this.account,
      chain: foundry,
      transport: http(this.site.upstream.rpcUrl),
    });
    const fees = { maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n };
    const hash = await wallet.sendTransaction({ to, data, nonce, gas: 1_000_000n, ...fees });
    const { status, blockNumber } = await node.waitForTransactionReceipt({ hash, pollingInterval: 100 });
    if (status !== "success") throw new Error("A transaction reverted");
    return Number(blockNumber);
  }

  /** An action, pressed again while the upstream refuses. */
  private async call<T>(action: string, input: unknown): Promise<T> {
    let found: Result<T> | undefined;
    await this.insist(async () => {
      found = await callAction<T>(this.browser, this.site.app.url, action, input);
      return found.ok ? undefined : found.error.code;
    });
    if (!found?.ok) throw new Error(`${action} was never answered`);
    return found.data;
  }

  /** Presses again while `press` resolves with a failure's code that the upstream is the reason for. Rejects with any other. */
  private async insist(press: () => Promise<string | undefined>): Promise<void> {
    for (let left = MOST_PRESSES; left > 0; left -= 1) {
      const code = await press();
      if (code === undefined) return;
      if (!OF_UPSTREAM.test(code)) throw new Error(code);
      this.presses += 1;
      await sleep(AGAIN_MS);
    }
    throw new Error(`Gave up after ${MOST_PRESSES} presses`);
  }
}
