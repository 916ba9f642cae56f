"use server";

import { acceptSiteTerms } from "@/lib/purchase/consent";
import { createSonarServerAction } from "@/lib/sonar";
import { termsInput } from "@/lib/sonar/inputs";

/** Records that the user accepts this version of the sale's terms for one of their entities; any version but the current one is refused. */
export const acceptTerms = createSonarServerAction({
  name: "acceptTerms",
  input: termsInput,
  rate: "reads",
  run: acceptSiteTerms,
});
