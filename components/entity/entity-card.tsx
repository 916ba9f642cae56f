import type { ReactNode } from "react";
import { Building2, User } from "lucide-react";
import { Badge } from "@/components/ui/feedback";
import { ExternalLink } from "@/components/ui/link";
import { entityFacts, entityName, regionNote, type SonarEntity } from "@/lib/sonar/entity";
import { describeEntity, type EntityNext } from "@/lib/sonar/entity-state";

interface EntityNextStepProps {
  next: EntityNext;
  setupUrl: string;
  supportUrl?: string;
  primary: boolean;
}

/** The entity owner's next step: Sonar's hosted setup, or support if the operator has named it. */
function EntityNextStep({ next, setupUrl, supportUrl, primary }: EntityNextStepProps) {
  if (next === "setup") {
    return (
      <div className="relative mt-4">
        <ExternalLink href={setupUrl} variant={primary ? "primary" : "secondary"}>
          Continue on Sonar
        </ExternalLink>
      </div>
    );
  }
  if (next !== "support" || !supportUrl) return null;
  return (
    <div className="relative mt-4">
      <ExternalLink href={supportUrl} variant="secondary">
        Contact support
      </ExternalLink>
    </div>
  );
}

function EntityFacts({ entity }: { entity: SonarEntity }) {
  const { setup, eligibility, region } = entityFacts(entity);
  const rows = [
    ["Setup", setup],
    ["Eligibility", eligibility],
    ["Region", region],
  ];
  return (
    <dl className="mt-3 grid gap-1 text-sm sm:flex sm:flex-wrap sm:gap-x-6">
      {rows.map(([term, value]) => (
        <div key={term} className="flex flex-wrap gap-x-2">
          <dt className="text-text-quiet">{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface EntityCardProps {
  entity: SonarEntity;
  /** Address of Sonar's hosted setup. */
  setupUrl: string;
  supportUrl?: string;
  /** The page's only primary action belongs to this entity. */
  primary: boolean;
  /** What the entity holds in the sale, in a sentence. */
  standing?: string;
  /** The id of the control that chooses this entity, and the control: if there is a choice and this is one of its options. */
  choice?: { id: string; control: ReactNode };
}

/** One entity: its name, its state, what it holds, and its owner's next step. The whole card chooses it, if it can be chosen. */
export function EntityCard({ entity, setupUrl, supportUrl, primary, standing, choice }: EntityCardProps) {
  const { badge, tone, sentence, next } = describeEntity(entity, { supportUrl });
  const note = regionNote(entity.InvestingRegion);
  const Icon = entity.EntityType === "organization" ? Building2 : User;
  // Isolated, because a label may contain characters that reverse the direction of the text after it.
  const name = <bdi>{entityName(entity)}</bdi>;
  return (
    <li
      className={`relative p-[min(1rem,4vw)] sm:p-5 ${choice ? "hover:bg-surface-sunken has-checked:bg-surface-sunken" : ""}`}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <div className="flex min-w-0 flex-[1_1_9rem] gap-[min(0.75rem,3vw)]">
          {choice?.control ?? <Icon aria-hidden className="mt-0.5 size-[20px] shrink-0 text-text-quiet" />}
          <div className="min-w-0">
            <h3 className="font-medium">
              {choice ? (
                <label htmlFor={choice.id} className="cursor-pointer after:absolute after:inset-0">
                  {name}
                </label>
              ) : (
                name
              )}
            </h3>
            <p className="text-sm text-text-quiet">{entityFacts(entity).type}</p>
          </div>
        </div>
        <Badge tone={tone}>{badge}</Badge>
      </div>
      <p className="mt-3">{sentence}</p>
      {standing && <p className="font-medium">{standing}</p>}
      <EntityFacts entity={entity} />
      {note && <p className="mt-2 text-sm text-text-quiet">{note}</p>}
      <EntityNextStep next={next} setupUrl={setupUrl} supportUrl={supportUrl} primary={primary} />
    </li>
  );
}
