import "server-only";
import type { Env } from "@/lib/env";

/**
 * What browsers may know of the configuration. Read while a page is rendered and handed down as props, so that one build serves every
 * environment.
 */
export interface PublicSettings {
  saleUUID: string;
  /** Echo's page on which a user sets his entities up. */
  setupUrl: string;
  supportUrl?: string;
  chainId?: number;
  contractAddress?: string;
  explorerUrl?: string;
  /** Milliseconds since 1970. */
  opensAt?: number;
  /** Milliseconds since 1970. */
  closesAt?: number;
}

/** Picks out of the environment what browsers may know. */
export function publicSettings({ sonar, sale, supportUrl }: Env): PublicSettings {
  return {
    saleUUID: sonar.saleUUID,
    setupUrl: new URL(`/sonar/${sonar.saleUUID}/home`, sonar.frontendUrl).href,
    ...(supportUrl !== undefined && { supportUrl }),
    ...sale,
  };
}
