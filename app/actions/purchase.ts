"use server";

import { guarded } from "@/lib/http/guarded";
import { acceptSiteTerms } from "@/lib/purchase/consent";
import type { Result } from "@/lib/result";

/** Records that the signed-in user accepts this version of the sale's terms; any version but the current one is refused. */
export async function acceptTerms(input: { version: string }): Promise<Result<void>> {
  return guarded("acceptTerms", () => acceptSiteTerms(input));
}
