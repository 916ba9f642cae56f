import { brand } from "@/components/layout/brand";

/** The page's heading; before sign-in it also explains the page. */
export function JourneyHeading({ signedIn }: { signedIn: boolean }) {
  if (signedIn) return <h1 className="text-xl font-semibold tracking-tight">Your participation</h1>;
  return (
    <div>
      <h1 className="text-2xl font-semibold tracking-tight">Take part in the {brand.saleName}</h1>
      <p className="mt-3 max-w-prose text-lg text-text-quiet">
        Connect your Sonar account to see whether you can take part, and what is left to do if you cannot yet.
      </p>
    </div>
  );
}

const FACTS = [
  {
    title: "What this is",
    text: "A token sale on Sonar, by Echo. Sonar checks who may take part, and this site shows you your status.",
  },
  {
    title: "What you will be asked",
    text: "To sign in here, to approve on Sonar what this site may read (your entities, their eligibility, and your email if you agree), to connect a wallet, and to pay from it.",
  },
  {
    title: "What is never shared",
    text: "Your identity documents stay with Sonar. This site's access to your Sonar account stays on its server and never reaches a browser; your wallet's keys stay in your wallet.",
  },
];

/** Facts that a person should know before signing in. */
export function BeforeYouStart() {
  return (
    <section aria-label="Before you start" className="border-t border-line pt-8">
      <dl className="grid gap-6 sm:grid-cols-3">
        {FACTS.map(({ title, text }) => (
          <div key={title}>
            <dt className="font-medium">{title}</dt>
            <dd className="mt-1 text-sm text-text-quiet">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
