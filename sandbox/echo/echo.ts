import type { FaultBoard } from "../faults/fault-board";
import type { RequestLog } from "../http/request-log";
import type { ChainLink } from "./chain/chain-link";
import type { ChainListing } from "./commitments/chain-listing";
import type { CommitmentBook } from "./commitments/commitment-book";
import type { GrantStore } from "../oauth/grant-store";
import type { RegisteredClient } from "../oauth/registered-client";
import type { PurchaseMemory } from "./purchase-memory";
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
  /** Replaced by a fresh one on reset. */
  commitments: CommitmentBook;
}
