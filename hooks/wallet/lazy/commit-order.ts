import type { GeneratePurchasePermitResponse } from "@echoxyz/sonar-core";
import type { Hex } from "viem";
import type { Bid } from "@/lib/sale/bid-rules";
import type { PriceTick } from "@/lib/sale/price";
import type { PaymentToken } from "@/lib/sale/sale-state";

/** What the user confirmed, and how to get the permit for it. */
export interface CommitOrder {
  /** The `SaleSpecificEntityID`. */
  entityId: Hex;
  saleUUID: string;
  token: PaymentToken;
  /** What comes on top, in smallest units. */
  increment: bigint;
  wantsLockup: boolean;
  /** Ticks; where there was a choice. */
  price?: bigint;
  tick?: PriceTick;
  /** The bid as it was shown when the user pressed the button: nothing else is ever sent. */
  expected: Bid;
  /** Gets a fresh permit for this entity and account; rejects with a `FailureError`. */
  getPermit: () => Promise<GeneratePurchasePermitResponse>;
}
