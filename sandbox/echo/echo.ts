import type { FaultBoard } from "../faults/fault";
import type { RequestLog } from "../http/request-log";
import type { ChainLink, ChainListing } from "./chain-link";
import type { CommitmentBook } from "./commitments/commitment-book";
import type { GrantStore } from "../oauth/grant-store";
import type { RegisteredClient } from "../oauth/registered-client";
import type { SaleAnchor } from "./sale-anchor";

/** The parts of a running Echo that its endpoints share. */
export interface Echo {
  origin: string;
  /** Unix time in milliseconds. */
  now: () => number;
  chain: ChainLink;
  anchor: SaleAnchor;
  client: RegisteredClient;
  grants: GrantStore;
  purchases: PurchaseMemory;
  /** The control panels of the sandbox's other services. */
  others: readonly { name: string; url: string }[];
  faults: FaultBoard;
  log: RequestLog;
  listing: ChainListing;
  /** A reset replaces it by a new one. */
  commitments: CommitmentBook;
}

/** The results of purchase checks: wallets that entities have used, and face checks that were passed. */
export class PurchaseMemory {
  private readonly entityOfWallet = new Map<string, string>();
  private readonly livenessPassed = new Set<string>();

  /**
   * Records that an entity uses a wallet. Each persona has its own records, because the personas share one test wallet,
   * unlike the users of real wallets.
   */
  linkWallet(personaId: string, wallet: string, entityId: string): void {
    this.entityOfWallet.set(walletKey(personaId, wallet), entityId);
  }

  /** The EntityID of the persona's entity that uses a wallet. */
  entityOf(personaId: string, wallet: string): string | undefined {
    return this.entityOfWallet.get(walletKey(personaId, wallet));
  }

  passLiveness(entityId: string): void {
    this.livenessPassed.add(entityId);
  }

  hasPassedLiveness(entityId: string): boolean {
    return this.livenessPassed.has(entityId);
  }

  clear(): void {
    this.entityOfWallet.clear();
    this.livenessPassed.clear();
  }
}

function walletKey(personaId: string, wallet: string): string {
  return `${personaId}/${wallet.toLowerCase()}`;
}
