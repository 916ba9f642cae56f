import "server-only";
import type { Env } from "@/lib/config/env";
import type { SaleChain } from "@/lib/sale/state";

/**
 * What browsers may know of the configuration. Read while a page is rendered and handed down as props, so that one build serves every
 * environment.
 */
export interface PublicSettings {
  saleUUID: string;
  /** Echo's page on which users set their entities up. */
  setupUrl: string;
  supportUrl?: string;
  /** Absent while the sale's contract is not announced. */
  chain?: SaleChain;
  /** Milliseconds since 1970. */
  opensAt?: number;
  /** Milliseconds since 1970. */
  closesAt?: number;
  /** While the sandbox stands in for Sonar: its http links are to be trusted. */
  sandboxOrigin?: string;
}

/** Picks out of the environment what browsers may know. */
export function publicSettings({ sonar, sale, chain, supportUrl, sandbox }: Env): PublicSettings {
  return {
    saleUUID: sonar.saleUUID,
    setupUrl: new URL(`/sonar/${sonar.saleUUID}/home`, sonar.frontendUrl).href,
    supportUrl,
    ...(chain && { chain: chain.facts }),
    ...(sandbox && { sandboxOrigin: sandbox.origin }),
    ...sale,
  };
}
