import "server-only";
import { requireConsent } from "@/lib/purchase/consent";
import { success, type Result } from "@/lib/result";

/** A permit that a signed-in user asks for. */
export interface PurchaseRequest {
  userId: string;
  /** As the browser sent it: it is checked against the user's own entities only after this gate. */
  entityID: string;
  /** The wallet that will pay. */
  walletAddress: string;
  /** "form": it only shows bounds and time window, and the user gets it without its signature; "commitment": it will be sent. */
  purpose: "form" | "commitment";
  /** The headers of the browser's request, for what a host or proxy adds to them, such as the visitor's country. */
  headers: Headers;
}

/**
 * The gate before every permit: Sonar is asked for none unless this passes. It runs on the server, for the form's permit and again for the one
 * that is sent. A refusal of your own is `sale/purchase_refused` with your own fixed sentences, which the form shows; never put text from
 * another service or from the request into them. docs/recipes.md has an example.
 */
export async function mayPurchase({ purpose, userId, entityID }: PurchaseRequest): Promise<Result<void>> {
  // The form's permit commits to nothing; its button accepts the terms.
  return purpose === "form" ? success(undefined) : requireConsent({ userId, entityID });
}
