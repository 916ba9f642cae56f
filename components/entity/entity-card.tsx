import { Building2, User } from "lucide-react";
import type { SonarEntity } from "@/lib/sonar/entity";
import { describeEntity } from "@/lib/sonar/entity-state";
import { entityFacts, entityName, regionNote } from "@/lib/sonar/entity-words";
import { EntityChoice, type EntityChoiceProps } from "@/components/entity/entity-choice";
import { EntityNextStep } from "@/components/entity/entity-next-step";
import { Badge } from "@/components/ui/badge";

interface EntityCardProps {
  entity: SonarEntity;
  /** Sonar's hosted setup. */
  setupUrl: string;
  supportUrl?: string;
  /** The page's one primary action is this entity's. */
  primary: boolean;
  /** Present where there is a choice between several and this is one of them. */
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

/** One entity: who, how it stands, and what its owner can do. */
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
            {/* Isolated: a label may hold characters that turn the direction of the text after it. */}
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
