import type { SaleStage } from "@/sandbox/chain/sale-stage";
import type { ChainState } from "@/sandbox/echo/control/chain-state";
import { callControl } from "@/tests/support/call-control";

/** Steers the sale and its chain through the sandbox's control endpoints. Every call has its effect before it resolves. */
export class ChainClient {
  constructor(private readonly origin: string) {}

  async state(): Promise<ChainState> {
    return JSON.parse(await callControl(this.origin, "GET", "chain"));
  }

  /** From any stage to any other. */
  setStage(stage: SaleStage): Promise<void> {
    return this.tell("PUT", "stage", { stage });
  }

  setPaused(paused: boolean): Promise<void> {
    return this.tell("PUT", "paused", { paused });
  }

  setClaimRefund(enabled: boolean): Promise<void> {
    return this.tell("PUT", "claim-refund", { enabled });
  }

  setReduceCommitment(enabled: boolean): Promise<void> {
    return this.tell("PUT", "reduce-commitment", { enabled });
  }

  setMaxWallets(count: number): Promise<void> {
    return this.tell("PUT", "max-wallets", { count });
  }

  /** Ahead only. */
  moveClock(seconds: number): Promise<void> {
    return this.tell("POST", "move-clock", { seconds });
  }

  /** `amount` in smallest units. */
  mint(token: "usdc" | "usdt", wallet: string, amount: bigint): Promise<void> {
    return this.tell("POST", "mint", { token, wallet, amount: amount.toString() });
  }

  setNativeBalance(wallet: string, wei: bigint): Promise<void> {
    return this.tell("PUT", "native-balance", { wallet, wei: wei.toString() });
  }

  /** Accepts that share of every commitment and ends the sale. */
  settle(acceptedPercent: number): Promise<void> {
    return this.tell("POST", "settle", { acceptedPercent });
  }

  /** Pays back what was not accepted. */
  processRefunds(): Promise<void> {
    return this.tell("POST", "process-refunds");
  }

  reset(): Promise<void> {
    return this.tell("POST", "reset");
  }

  private async tell(method: string, control: string, body?: unknown): Promise<void> {
    await callControl(this.origin, method, `chain/${control}`, body);
  }
}
