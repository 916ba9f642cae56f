import type { Metadata } from "next";
import { TextPage, TextSection } from "@/components/layout/text-page";
import { SupportLink } from "@/components/ui/support-link";
import { site } from "@/lib/config/site";

export const metadata: Metadata = {
  title: "Terms of sale",
  description: `The terms of ${site.name} in short.`,
};

const TOKEN = [
  ["Name", site.token.name],
  ["Symbol", site.token.symbol],
  ["Total supply", site.token.supply],
] as const;

/** The terms of `site.ts`. A fork replaces this page with its own, or links to another address in `site.ts` and deletes it. */
export default function TermsPage() {
  return (
    <TextPage title="Terms of sale">
      <TextSection title="The token">
        <dl className="grid gap-1">
          {TOKEN.map(([label, value]) => (
            <div key={label} className="flex flex-wrap gap-x-6">
              <dt className="min-w-24 text-text-quiet">{label}</dt>
              <dd className="tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
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
