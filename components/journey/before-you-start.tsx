const FACTS = [
  {
    title: "What this is",
    text: "A sale of tokens that runs on Sonar, by Echo. Sonar checks who may take part; this site shows you where you stand.",
  },
  {
    title: "What you will be asked",
    text: "To sign in here; to approve on Sonar what this site may read: your entities, whether they are eligible, and your email if you agree; to connect a wallet, and to pay from it.",
  },
  {
    title: "What is never shared",
    text: "Your identity documents stay with Sonar. This site's access to your Sonar account stays on its server and never reaches a browser; your wallet's keys stay in your wallet.",
  },
];

/** What a person should know before signing in. */
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
