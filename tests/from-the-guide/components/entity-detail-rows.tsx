import { EntityDetails, EntityType } from "@echoxyz/sonar-core";

export function EntityDetailRows({ entity }: { entity: EntityDetails }) {
  const rows: [string, string][] = [
    ["Kind", entity.EntityType === EntityType.ORGANIZATION ? "Organisation" : "Person"],
    ["Setup", entity.EntitySetupState],
    ["Region", entity.InvestingRegion],
    ["In this sale", entity.SaleSpecificEntityID],
  ];
  return (
    <dl>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
