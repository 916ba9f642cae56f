import "server-only";
import type { SonarClient } from "@echoxyz/sonar-core";
import { readPositions } from "@/lib/chain/read-sale";
import { getEnv } from "@/lib/config/env";
import type { Position } from "@/lib/purchase/position";
import { fail, success, type Result } from "@/lib/result";
import type { SonarCallContext } from "@/lib/sonar";
import { listEntities } from "@/lib/sonar/entities";

/** The positions of the user's entities in the sale, by EntityID. */
export type Positions = Record<string, Position>;

/**
 * The positions of all of this user's entities, from the chain. The list of entities comes from Sonar and never from the browser. Fails as
 * both reads do, and with `sale/not_announced` while there is no contract.
 */
export async function readOwnPositions(
  client: SonarClient,
  { atBlock }: { atBlock?: number | undefined },
  context: SonarCallContext,
): Promise<Result<Positions>> {
  const { chain } = getEnv();
  if (!chain) return fail("sale/not_announced");
  const list = await listEntities(client, context);
  if (!list.ok) return list;
  const { Entities: entities } = list.data;
  if (entities.length === 0) return success({});
  const query = {
    entityIDs: entities.map(({ SaleSpecificEntityID }) => SaleSpecificEntityID),
    saleUUID: context.saleUUID,
    atBlock,
  };
  const positions = await readPositions(chain, query, context.deadline);
  if (!positions.ok) return positions;
  const rows = positions.data.flatMap((position, index) => {
    const entity = entities[index];
    return entity ? [[entity.EntityID, position] as const] : [];
  });
  return success(Object.fromEntries(rows));
}
