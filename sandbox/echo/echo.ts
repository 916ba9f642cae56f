import type { FaultBoard } from "../faults/fault";
import type { RequestLog } from "../http/request-log";
import type { ChainLink, ChainListing } from "./chain-link";
import { CommitmentBook } from "./commitments/commitment-book";
import { commitmentHistory } from "./commitments/history";
import { DEFAULT_TOKEN_LIFETIME, type GrantStore } from "../oauth/grant-store";
import type { RegisteredClient } from "../oauth/registered-client";
import type { Hex } from "./permits/permit";
import type { PermitSigner } from "./permits/sign-permit";
import type { NextConsent, ScenarioTickets } from "../scenarios/next-consent";
import type { SaleAnchor } from "./sale-anchor";

/** The differences of an Echo that strangers share (sandbox/demo): it has no controls, and personas are each visitor's own. */
export interface EchoDemo {
  /** The address of Echo's pages for browsers. */
  publicUrl: string;
  /** An account that nobody else has the key of: with the usual one, anybody could sign permits for the entities of others. */
  permitSigner: PermitSigner;
}

/** The parts of a running Echo that its endpoints share. */
export interface Echo {
  origin: string;
  /** The address of the pages for browsers; without a demo, the origin. */
  pagesUrl: string;
  demo?: EchoDemo;
  /** Unix time in milliseconds. */
  now: () => number;
  chain: ChainLink;
  /** The token in which the sale's history was paid. */
  paymentToken: Hex;
  /** The sale's kind, and the time that its windows are counted from. */
  anchor: SaleAnchor;
  client: RegisteredClient;
  grants: GrantStore;
  purchases: PurchaseMemory;
  /** The consent that a scenario gives by itself. */
  nextConsent: NextConsent;
  tickets: ScenarioTickets;
  /** The control panels of the sandbox's other services. */
  others: readonly { name: string; url: string }[];
  faults: FaultBoard;
  log: RequestLog;
  listing: ChainListing;
  /** A reset replaces it with a new one. */
  commitments: CommitmentBook;
}

/** The results of purchase checks: wallets that entities have used, and face checks that were passed. */
export class PurchaseMemory {
  private readonly walletsOf = new Map<string, Map<string, string>>();
  private readonly livenessPassed = new Set<string>();

  /**
   * Records that an entity uses a wallet. Each persona has its own records, because the personas share one test wallet,
   * unlike the users of real wallets. Their number is limited: a script can ask about any number of wallets.
   */
  linkWallet(personaId: string, wallet: string, entityId: string): void {
    const wallets = this.walletsOf.get(personaId) ?? new Map<string, string>();
    this.walletsOf.set(personaId, wallets);
    const key = wallet.toLowerCase();
    if (wallets.has(key) || wallets.size < MOST_WALLETS) wallets.set(key, entityId);
  }

  /** The EntityID of the persona's entity that uses a wallet. */
  entityOf(personaId: string, wallet: string): string | undefined {
    return this.walletsOf.get(personaId)?.get(wallet.toLowerCase());
  }

  passLiveness(entityId: string): void {
    this.livenessPassed.add(entityId);
  }

  hasPassedLiveness(entityId: string): boolean {
    return this.livenessPassed.has(entityId);
  }

  clear(): void {
    this.walletsOf.clear();
    this.livenessPassed.clear();
  }
}

/** More than a persona's entities may use in the sale. */
const MOST_WALLETS = 100;

/** Restores the initial state of everything but the chain and the grants. */
export function restoreEcho(echo: Echo): void {
  echo.faults.clear();
  echo.log.clear();
  echo.purchases.clear();
  echo.nextConsent.clear();
  echo.grants.tokenLifetime = DEFAULT_TOKEN_LIFETIME;
  echo.commitments = new CommitmentBook(commitmentHistory(echo.now(), echo.paymentToken));
  echo.listing.reset();
}
