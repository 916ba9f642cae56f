import { RetryButton, type Retry } from "@/components/retry-button";
import { ExternalLink } from "@/components/ui/external-link";

/** The connected account has no entity yet. */
export function NoEntity({ setupUrl, ...retry }: { setupUrl: string } & Retry) {
  return (
    <div className="rounded-lg border border-dashed border-control p-5">
      <h3 className="font-medium">No entity yet</h3>
      <p className="mt-1 text-text-quiet">
        An entity is the person or organisation that takes part. Create one on Sonar, then come back: this page looks
        again.
      </p>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <ExternalLink href={setupUrl} variant="primary">
          Set up on Sonar
        </ExternalLink>
        <RetryButton {...retry} label="Check again" variant="quiet" />
      </div>
    </div>
  );
}
