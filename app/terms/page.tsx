import type { Metadata } from "next";
import { contractFacts, SaleTerms } from "@/components/sale/sale-terms";
import { TextPage, TextSection } from "@/components/layout/text-page";
import { SupportLink } from "@/components/ui/support-link";
import { announcedTimes } from "@/lib/announced-times";
import { readSaleState } from "@/lib/chain/read-sale";
import { getEnv } from "@/lib/config/env";
import { site } from "@/lib/config/site";
import { withTimeout } from "@/lib/http/deadline";
import { guarded } from "@/lib/http/guarded";
import { salePricing } from "@/lib/sale/pricing";
import { readCommitments } from "@/lib/sonar/commitments";

export const metadata: Metadata = {
  title: "Terms of sale",
  description: `The terms of ${site.name} in short.`,
};

/** In milliseconds. The terms are mostly text: a slow chain or Sonar must not keep it from anybody. */
const PATIENCE_MS = 1_500;

/** The public facts that the home page shows too, as far as they arrive in time. */
async function readTerms() {
  const env = getEnv();
  const { chain } = env;
  const [{ closesAt }, commitments, state] = await Promise.all([
    announcedTimes(env),
    withTimeout(
      PATIENCE_MS,
      guarded("commitments", () => readCommitments()),
    ),
    chain &&
      withTimeout(
        PATIENCE_MS,
        guarded("saleState", () => readSaleState()),
      ),
  ]);
  return {
    pricing: salePricing({
      commitments: commitments?.ok ? commitments.data : undefined,
      priceTick: chain?.facts.priceTick,
      announced: site.sale.price,
    }),
    tokens: state?.ok ? state.data.tokens : [],
    contract: chain && contractFacts(chain.facts, state?.ok ? "verified" : "unknown"),
    close: closesAt === undefined ? undefined : { at: closesAt, own: false },
  };
}

/** The terms of `site.ts`. A fork replaces this page with its own, or links to another address in `site.ts` and deletes it. */
export default async function TermsPage() {
  return (
    <TextPage title="Terms of sale">
      <TextSection title="The sale">
        <SaleTerms {...await readTerms()} />
      </TextSection>
      {site.saleTerms.map(({ title, text }) => (
        <TextSection key={title} title={title}>
          <p>{text}</p>
        </TextSection>
      ))}
      <p className="flex flex-wrap gap-x-4 border-t border-line pt-4 text-sm text-text-quiet">
        {site.consent && <span>{`Version ${site.consent.version}.`}</span>}
        <SupportLink />
      </p>
    </TextPage>
  );
}
