import type { Metadata } from "next";
import { TextPage, TextSection } from "@/components/layout/text-page";
import { SupportLink } from "@/components/ui/support-link";
import { site } from "@/lib/config/site";

export const metadata: Metadata = {
  title: "Risks",
  description: `What can go wrong when you take part in ${site.name}.`,
};

/** Risks of any token sale. A fork replaces them with those of its own sale, or links to another address in `site.ts` and deletes this page. */
const RISKS = [
  {
    title: "You can lose all that you pay",
    text: "A token can lose its value, in part or completely. Nobody guarantees that it will be worth what you paid, that it will be traded anywhere, or that you will find a buyer. Commit only what you can afford to lose.",
  },
  {
    title: "You may get fewer tokens than you hope for, or none",
    text: "A commitment is a bid and not a purchase. If more is committed than is on sale, a part of it is refunded. In an auction, a bid below the clearing price buys nothing.",
  },
  {
    title: "Your money is tied up until the sale is settled",
    text: "You can increase a commitment while the sale is open, but you can withdraw it only if the sale has a period for cancellations. A lockup can keep you from selling the tokens for a longer time.",
  },
  {
    title: "What is sent on a chain cannot be recalled",
    text: "Nobody can undo a transaction. If you lose the keys of your wallet, or give them to somebody, your tokens and your refund are lost. Compare the contract's address with the one in the terms before you sign.",
  },
  {
    title: "Software has errors",
    text: "Contracts, wallets, chains and this site can fail or be attacked. Payment tokens can lose their value, and their issuers can block an address.",
  },
  {
    title: "Rules change",
    text: "Laws and taxes on tokens differ from country to country and can change after you have paid. You are responsible for your own taxes. Nothing on this site is advice.",
  },
] as const;

/** The risks in short. */
export default function RiskPage() {
  return (
    <TextPage title="Risks">
      {RISKS.map(({ title, text }) => (
        <TextSection key={title} title={title}>
          <p>{text}</p>
        </TextSection>
      ))}
      <p className="text-sm">
        <SupportLink />
      </p>
    </TextPage>
  );
}
