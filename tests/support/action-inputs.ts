import { entityId } from "@/sandbox/echo/personas/make-entity";

/** A wallet, with its checksum. */
export const WALLET = "0x52908400098527886E0F7030069857D2E4169EE7";

/** The actions that take nothing. */
export const READS = ["getEntities", "getProfile", "getInvestmentHistory"];

/** The actions that take something, and what is right for them while connected as "ada". */
export const INPUTS: Record<string, Record<string, unknown>> = {
  getEntity: { entityID: entityId("ada") },
  getLimits: { walletAddress: WALLET },
  prePurchaseCheck: { entityID: entityId("ada"), walletAddress: WALLET },
  generatePurchasePermit: { entityID: entityId("ada"), walletAddress: WALLET },
};
