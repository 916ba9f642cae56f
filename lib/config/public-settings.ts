import "server-only";
import { getEnv, type Env } from "@/lib/config/env";
import { publicOwnSettings } from "@/lib/config/own-settings";
import { sonarPage } from "@/lib/providers/sonar";
import { sameHex } from "@/lib/sale/hex";
import type { PageContract, SaleChain } from "@/lib/sale/state";

/**
 * The part of the configuration that browsers may know. It is read while a page is rendered and passed down as props, so that one build
 * serves every environment.
 */
export interface PublicSettings {
  saleUUID: string;
  /** Echo's page where users set up their entities. */
  setupUrl: string;
  supportUrl?: string;
  /** Absent until the sale's contract is announced. */
  chain?: SaleChain;
  /** Milliseconds since 1970. */
  opensAt?: number;
  /** Milliseconds since 1970. */
  closesAt?: number;
  /** Present while the sandbox stands in for Sonar: its http links are trusted. */
  sandboxOrigin?: string;
  /** A fork's own settings that browsers may know. */
  own: ReturnType<typeof publicOwnSettings>;
}

/** Selects the settings that browsers may know. */
export function publicSettings({ sonar, sale, chain, supportUrl, sandbox, own }: Env): PublicSettings {
  return {
    saleUUID: sonar.saleUUID,
    setupUrl: sonarPage(sonar, `/sonar/${sonar.saleUUID}/home`),
    supportUrl,
    ...(chain && { chain: chain.facts }),
    ...(sandbox && { sandboxOrigin: sandbox.origin }),
    ...sale,
    own: publicOwnSettings(own),
  };
}

/**
 * True if a page was made for another contract than this site's present one, or for another price tick. Sonar's permit names neither: an open page
 * would go on paying to the contract that the operator has replaced, and show the positions in the new one; or bid a price that the corrected tick
 * makes another one. Absent: the caller names none.
 */
export function isOtherContract(page: PageContract | undefined): boolean {
  if (!page) return false;
  const facts = getEnv().chain?.facts;
  return (
    page.chainId !== facts?.chainId || !sameHex(page.contract, facts.contract) || page.priceTick !== facts.priceTick
  );
}
