import type { SaleStage } from "@/sandbox/chain/chain-facts";
import type { ChainState } from "@/sandbox/echo/control/chain";
import type { Inspection } from "@/sandbox/echo/control/inspector";
import type { SaleKind } from "@/sandbox/echo/sale-anchor";
import type { Fault } from "@/sandbox/faults/fault";
import type { LogEntry, LoggedBodies } from "@/sandbox/http/request-log";

/** Calls a control endpoint of the sandbox at `origin`; resolves with the answer's text, or rejects with the sandbox's objection. */
export async function callControl(origin: string, method: string, control: string, body?: unknown): Promise<string> {
  const response = await fetch(`${origin}/sandbox/${control}`, {
    method,
    headers: { "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} /sandbox/${control} answered ${response.status}: ${text}`);
  return text;
}

/** Controls the sale and its chain through the sandbox's control endpoints. Each call resolves after its effect. */
export class ChainClient {
  constructor(private readonly origin: string) {}

  async state(): Promise<ChainState> {
    return JSON.parse(await callControl(this.origin, "GET", "chain"));
  }

  /** Changes the stage, from any to any other. */
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

  /** Moves the clock forward; it cannot go back. */
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

  /** The operator returns a part of a wallet's commitment; `amount` in smallest units. */
  forceReduce(token: "usdc" | "usdt", wallet: string, amount: bigint): Promise<void> {
    return this.tell("POST", "force-reduce", { token, wallet, amount: amount.toString() });
  }

  /** The operator returns the whole commitment of the wallet's entity. */
  takeDown(wallet: string): Promise<void> {
    return this.tell("POST", "take-down", { wallet });
  }

  /** The token's issuer pauses it, or ends the pause. */
  setTokenPaused(token: "usdc" | "usdt", paused: boolean): Promise<void> {
    return this.tell("PUT", `${token}-paused`, { paused });
  }

  /** The token's issuer blocks a wallet, or unblocks it. */
  setBlocked(token: "usdc" | "usdt", wallet: string, blocked: boolean): Promise<void> {
    return this.tell("PUT", "blocked", { token, wallet, blocked });
  }

  /** Accepts that share of every commitment and ends the sale. */
  settle(acceptedPercent: number): Promise<void> {
    return this.tell("POST", "settle", { acceptedPercent });
  }

  /** Accepts what bids above and at the clearing price buy, as in an auction, and ends the sale. */
  settleAtClearingPrice(): Promise<void> {
    return this.tell("POST", "settle", { atClearingPrice: true });
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

/** The sandbox's description of itself. */
export interface SandboxHealth {
  clientId: string;
  saleUuid: string;
  redirectUris: string[];
  /** Absent without a chain. */
  chainRpcUrl?: string;
  tokenLifetimeSeconds: number;
  personas: { id: string; name: string }[];
}

/** A fault to switch on; the sandbox fills in no latency and "before". */
export type FaultOrder = Pick<Fault, "endpoint"> & Partial<Fault>;

/** Controls a running sandbox through its control endpoints. */
export class SandboxClient {
  /** The sale and its chain. */
  readonly chain: ChainClient;

  constructor(readonly origin: string) {
    this.chain = new ChainClient(origin);
  }

  health(): Promise<SandboxHealth> {
    return this.ask("GET", "health");
  }

  async faults(): Promise<Fault[]> {
    return (await this.ask<{ faults: Fault[] }>("GET", "faults")).faults;
  }

  /** Switches a fault on, in place of the endpoint's earlier one. */
  async setFault(fault: FaultOrder): Promise<void> {
    await this.tell("PUT", "faults", fault);
  }

  async clearFaults(): Promise<void> {
    await this.tell("DELETE", "faults");
  }

  /** Applies to access tokens issued from now on. */
  async setTokenLifetime(seconds: number): Promise<void> {
    await this.tell("PUT", "token-lifetime", { seconds });
  }

  /** Every access token issued so far is refused from now on; refresh tokens still work. */
  async expireAccessTokens(): Promise<void> {
    await this.tell("POST", "expire-access-tokens");
  }

  /** Withdraws every user's consent. */
  async revokeEverything(): Promise<void> {
    await this.tell("POST", "revoke-everything");
  }

  /** Resets faults, log, purchases, token lifetime and the chain; with `grants` it also ends all connections. */
  async reset({ grants = false } = {}): Promise<void> {
    await this.tell("POST", "reset", { grants });
  }

  /** The request log, oldest first; `path` picks one endpoint, e.g. "/oauth.RefreshAccessToken". */
  async requests(path?: string): Promise<LogEntry[]> {
    const { requests } = await this.ask<{ requests: LogEntry[] }>("GET", "requests");
    return path === undefined ? requests : requests.filter((entry) => entry.path === path);
  }

  /** One entry of the request log, with the bodies. */
  request(number: number): Promise<LogEntry & LoggedBodies> {
    return this.ask("GET", `requests/${number}`);
  }

  async clearRequests(): Promise<void> {
    await this.tell("DELETE", "requests");
  }

  async addRedirectUris(...redirectUris: string[]): Promise<void> {
    await this.tell("PUT", "redirect-uris", { redirectUris });
  }

  /** Sets the delay between the chain and the listed commitments, in seconds, until a reset. */
  async setListingDelay(seconds: number): Promise<void> {
    await this.tell("PUT", "listing-delay", { seconds });
  }

  /** The entities that have bid. */
  async entities(): Promise<Inspection["entities"]> {
    return (await this.ask<Inspection>("GET", "entities")).entities;
  }

  /**
   * Sets a scenario and returns the address that opens it in the app at `app`, once: a browser that goes there ends on the start page, signed
   * in, connected as the scenario's persona (or another one), with the sandbox's wallet.
   */
  async scenario(name: string, app: string, persona?: string): Promise<string> {
    return (await this.ask<{ url: string }>("POST", `scenarios/${name}`, { app, persona })).url;
  }

  /** As `scenario`, with the sale and the faults as they are: the address that opens the app as a persona (its id). */
  async opening(app: string, persona: string): Promise<string> {
    return (await this.ask<{ url: string }>("POST", "scenarios/ready", { app, persona, keep: true })).url;
  }

  /** At a fixed price, or an auction, until a reset. */
  async setSaleKind(kind: SaleKind): Promise<void> {
    await this.tell("PUT", "sale-kind", { kind });
  }

  private async ask<T>(method: string, control: string, body?: unknown): Promise<T> {
    return JSON.parse(await this.tell(method, control, body));
  }

  private tell(method: string, control: string, body?: unknown): Promise<string> {
    return callControl(this.origin, method, control, body);
  }
}
