import { setTimeout as sleep } from "node:timers/promises";
import type { Result } from "@/lib/result";
import { entityId } from "@/sandbox/echo/personas/persona";
import { WALLET } from "@/tests/support/app/call-action";
import { NoAnswer } from "@/tests/support/soak/soak-browser";
import { PERSONA, Visit, type Site } from "@/tests/support/soak/visit";

/** A connection that the site says is over, although its user did not end it. */
export interface Loss {
  /** When its user last had proof that it worked, and when they were told. Unix milliseconds. */
  lastGoodAt: number;
  at: number;
  /** The site's words: a failure code, or "page". */
  told: string;
  /** True if the connection is kept, and connecting again is only offered. */
  kept: boolean;
}

/** A failure that an action answered. */
export interface ActionFailure {
  user: string;
  action: string;
  /** Unix milliseconds. */
  from: number;
  at: number;
  code: string;
}

/** What a user has seen, for the verdict. */
export interface UserFacts {
  name: string;
  losses: Loss[];
  /** Times at which the site did not know its signed-in user (Unix milliseconds). */
  signedOut: number[];
  failures: ActionFailure[];
  /** The numbers of what the user did, by name. */
  done: Record<string, number>;
  /** What the last action, after all faults, came to: "ok" or the failure's code. */
  final?: string;
}

/** "unsure": the answer that would tell never came. */
type State = "yes" | "no" | "unsure";

const ENDED = new Set(["connection/not_connected", "connection/reconnect_required", "auth/invalid_refresh_token"]);
const OFFERS_TO_CONNECT = new Set(["oauth/refresh_refused", "api/unauthorized"]);

const PURCHASE = { entityID: entityId(PERSONA), walletAddress: WALLET };

/** A user who waits hears this soon that the soak is over (milliseconds). */
const TICK_MS = 1_000;

type Act = "page" | "activity" | "account" | "entities" | "check" | "permit" | "tabs" | Rare;
type Rare = "disconnect" | "connect again" | "sign out" | "leave" | "leave the consent page";

const ACTS: readonly [Act, weight: number][] = [
  ["page", 28],
  ["activity", 6],
  ["account", 6],
  ["entities", 20],
  ["check", 12],
  ["permit", 6],
  ["tabs", 10],
  ["disconnect", 2],
  ["connect again", 2],
  ["sign out", 2],
  ["leave", 4],
  ["leave the consent page", 2],
];

/** One visitor who does what visitors do, in random order, and notes what the site tells them. */
export class SoakUser {
  readonly facts: UserFacts;
  private readonly visit: Visit;
  private signedIn: State = "no";
  private connected: State = "no";
  private lastGoodAt = 0;

  constructor(
    readonly name: string,
    number: number,
    private readonly site: Site,
    private readonly random: () => number,
  ) {
    this.facts = { name, losses: [], signedOut: [], failures: [], done: {} };
    this.visit = new Visit(name, number, site);
  }

  /** Acts until the soak is over. */
  async live(): Promise<void> {
    await this.wait(this.random() * this.site.thinkMs);
    while (!this.site.isOver()) {
      await this.quietly(() => this.act());
      await this.wait((0.5 + this.random()) * this.site.thinkMs);
    }
  }

  /** After all faults: connects if need be, and makes one call whose answer shows that the tokens work. */
  async finish(): Promise<void> {
    await this.quietly(() => this.lastCall());
    // Told only now, the user does what the site says.
    if (this.facts.final !== undefined && ENDED.has(this.facts.final)) await this.quietly(() => this.lastCall());
    this.facts.final ??= "no answer";
  }

  private async lastCall(): Promise<void> {
    await this.connectIfNeeded();
    const result = await this.call("getProfile", {});
    this.facts.final = result.ok ? "ok" : result.error.code;
  }

  private async act(): Promise<void> {
    if (await this.connectIfNeeded()) return;
    const act = this.choose();
    this.count(act);
    await this.perform(act);
  }

  private async wait(ms: number): Promise<void> {
    for (let left = ms; left > 0 && !this.site.isOver(); left -= TICK_MS) await sleep(Math.min(left, TICK_MS));
  }

  /** Without an answer there is nothing to note: the request has been entered already. */
  private async quietly(run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
    }
  }

  private count(what: string): void {
    this.facts.done[what] = (this.facts.done[what] ?? 0) + 1;
  }

  private choose(): Act {
    const all = ACTS.reduce((sum, [, weight]) => sum + weight, 0);
    let at = this.random() * all;
    return ACTS.find(([, weight]) => (at -= weight) < 0)?.[0] ?? "page";
  }

  /** True if it did something. */
  private async connectIfNeeded(): Promise<boolean> {
    if (this.signedIn !== "yes") await this.signIn();
    if (this.signedIn !== "yes") return true;
    if (this.connected === "unsure") await this.call("getProfile", {});
    if (this.connected === "yes") return false;
    await this.connect();
    return true;
  }

  private async perform(act: Act): Promise<unknown> {
    switch (act) {
      case "page":
        return this.load("/");
      case "activity":
        return this.load("/activity");
      case "account":
        return this.visit.load("/account");
      case "entities":
        return this.call("getEntities", {});
      case "check":
        return this.call("prePurchaseCheck", PURCHASE);
      case "permit":
        return this.permit();
      case "tabs":
        return this.tabs();
      case "disconnect":
        return this.disconnect();
      case "connect again":
        return this.connect();
      case "sign out":
        return this.signOut();
      case "leave":
        return this.wait(this.site.tokenSeconds * 1_000 * (1 + this.random()));
      case "leave the consent page":
        return this.visit.goToConsent();
    }
  }

  /** Several tabs at once: their calls find the same tokens, which may all be due. */
  private async tabs(): Promise<void> {
    const tabs = [
      this.load("/"),
      this.visit.load("/account"),
      this.call("getProfile", {}),
      this.call("getEntities", {}),
    ];
    for (const tab of await Promise.allSettled(tabs)) if (tab.status === "rejected") throw tab.reason;
  }

  private async permit(): Promise<void> {
    const first = await this.call("generatePurchasePermit", PURCHASE);
    if (first.ok || first.error.code !== "sale/terms_not_accepted") return;
    await this.visit.acceptTerms(PURCHASE.entityID);
    await this.call("generatePurchasePermit", PURCHASE);
  }

  private async signIn(): Promise<void> {
    [this.signedIn, this.connected] = ["unsure", "no"];
    this.signedIn = (await this.visit.signIn()) ? "yes" : "no";
    this.count("sign in");
  }

  private async signOut(): Promise<void> {
    [this.signedIn, this.connected] = ["unsure", "no"];
    await this.visit.signOut();
    // Whatever the database says, this browser forgets its user.
    this.signedIn = "no";
  }

  private async disconnect(): Promise<void> {
    this.connected = "unsure";
    if (await this.visit.disconnect()) this.connected = "no";
  }

  private async connect(): Promise<void> {
    const consent = await this.visit.goToConsent();
    if (!consent) return;
    const before = this.connected;
    this.connected = "unsure";
    this.count("connect");
    if (await this.visit.approveAndReturn(consent)) this.worked();
    // A connection from before is still there, or the new one in its place, although the site could not say so.
    else if (before === "yes") this.connected = before;
  }

  private worked(): void {
    this.connected = "yes";
    this.lastGoodAt = Date.now();
  }

  private async call(action: string, input: unknown): Promise<Result<unknown>> {
    const from = Date.now();
    const result = await this.visit.call(action, input);
    if (result.ok) {
      if (this.connected !== "no") this.worked();
      return result;
    }
    const { code } = result.error;
    this.facts.failures.push({ user: this.name, action, from, at: Date.now(), code });
    if (code === "session/missing") this.wasSignedOut();
    if (ENDED.has(code)) this.lost(code);
    if (OFFERS_TO_CONNECT.has(code)) this.lost(code, true);
    return result;
  }

  private async load(path: string): Promise<void> {
    const offers = await this.visit.load(path);
    if (offers?.signIn) this.wasSignedOut();
    else if (offers?.connect && !offers.disconnect) this.lost("page");
  }

  private wasSignedOut(): void {
    if (this.signedIn === "yes") this.facts.signedOut.push(Date.now());
    [this.signedIn, this.connected] = ["no", "no"];
  }

  private lost(told: string, kept = false): void {
    const { lastGoodAt } = this;
    if (this.connected === "yes") this.facts.losses.push({ lastGoodAt, at: Date.now(), told, kept });
    if (!kept) this.connected = "no";
  }
}
