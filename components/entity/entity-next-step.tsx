import type { EntityNext } from "@/lib/sonar/entity-state";
import { ExternalLink } from "@/components/ui/external-link";

interface EntityNextStepProps {
  next: EntityNext;
  setupUrl: string;
  supportUrl?: string;
  primary: boolean;
}

/** Where an entity's owner can go on: Sonar's hosted setup, or support where the fork has named one. */
export function EntityNextStep({ next, setupUrl, supportUrl, primary }: EntityNextStepProps) {
  if (next === "setup") {
    return (
      <div className="mt-4">
        <ExternalLink href={setupUrl} variant={primary ? "primary" : "secondary"}>
          Continue on Sonar
        </ExternalLink>
      </div>
    );
  }
  if (next !== "support" || !supportUrl) return null;
  return (
    <div className="mt-4">
      <ExternalLink href={supportUrl} variant="secondary">
        Contact support
      </ExternalLink>
    </div>
  );
}
