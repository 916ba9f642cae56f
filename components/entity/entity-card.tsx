import { Check, Building2, User } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Badge } from "@/components/ui/feedback";
import { ExternalLink } from "@/components/ui/link";
import { entityFacts, entityName, regionNote, type SonarEntity } from "@/lib/sonar/entity";
import { describeEntity, type EntityNext } from "@/lib/sonar/entity-state";

/** The choice between several entities. */
export interface EntityChoiceProps {
  /** The entity's name for screen readers, which hear one such button per entity. */
  name: string;
  chosen: boolean;
  onChoose: () => void;
}

/** Lets the user choose the entity to take part with. */
function EntityChoice({ name, chosen, onChoose }: EntityChoiceProps) {
  return (
    <div className="mt-4 flex min-h-9 items-center">
      {chosen ? (
        <p className="inline-flex items-center gap-2 text-sm font-medium text-ok">
          <Check aria-hidden className="size-4" />
          You are taking part as this entity
        </p>
      ) : (
        <Button onClick={onChoose}>
          Take part as this entity<span className="sr-only">: {name}</span>
        </Button>
      )}
    </div>
  );
}

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

interface EntityCardProps {
  entity: SonarEntity;
  /** Address of Sonar's hosted setup. */
  setupUrl: string;
  supportUrl?: string;
  /** The page's only primary action belongs to this entity. */
  primary: boolean;
  /** Present if there is a choice between several entities and this is one of them. */
  choice?: EntityChoiceProps;
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
        <div key={term} className="flex gap-2">
          <dt className="text-text-quiet">{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** One entity: its name, its state, and its owner's next step. */
export function EntityCard({ entity, setupUrl, supportUrl, primary, choice }: EntityCardProps) {
  const { badge, tone, sentence, next } = describeEntity(entity, { supportUrl });
  const note = regionNote(entity.InvestingRegion);
  const Icon = entity.EntityType === "organization" ? Building2 : User;
  return (
    <li className="p-4 sm:p-5">
      <div className="flex items-start justify-between gap-x-4">
        <div className="flex min-w-0 gap-3">
          <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-text-quiet" />
          <div className="min-w-0">
            {/* Isolated, because a label may contain characters that reverse the direction of the text after it. */}
            <h3 className="font-medium">
              <bdi>{entityName(entity)}</bdi>
            </h3>
            <p className="text-sm text-text-quiet">{entityFacts(entity).type}</p>
          </div>
        </div>
        <Badge tone={tone}>{badge}</Badge>
      </div>
      <p className="mt-3">{sentence}</p>
      <EntityFacts entity={entity} />
      {note && <p className="mt-2 text-sm text-text-quiet">{note}</p>}
      <EntityNextStep next={next} setupUrl={setupUrl} supportUrl={supportUrl} primary={primary} />
      {choice && <EntityChoice {...choice} />}
    </li>
  );
}
