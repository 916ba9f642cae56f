import "server-only";
import type { SonarClient } from "@echoxyz/sonar-core";
import { readPositions } from "@/lib/chain/read-sale";
import { getEnv } from "@/lib/config/env";
import { isOtherContract } from "@/lib/config/public-settings";
import type { Positions } from "@/lib/purchase/position";
import { fail, success, type Result } from "@/lib/result";
import type { PageContract } from "@/lib/sale/state";
import type { SonarCallContext } from "@/lib/sonar";
import { listEntities } from "@/lib/sonar/entities";

/**
 * The positions of all of this user's entities, from the chain. The list of entities comes from Sonar and never from the browser. Fails as
 * both reads do, with `sale/not_announced` while there is no contract, and with `request/outdated_page` for a page of another one.
 */
export async function readOwnPositions(
  client: SonarClient,
  { atBlock, sale }: { atBlock?: number | undefined; sale?: PageContract | undefined },
  context: SonarCallContext,
): Promise<Result<Positions>> {
  const { chain } = getEnv();
  if (isOtherContract(sale)) return fail("request/outdated_page");
  if (!chain) return fail("sale/not_announced");
  const list = await listEntities(client, context);
  if (!list.ok) return list;
  const { Entities: entities } = list.data;
  if (entities.length === 0) return success([]);
  const query = {
    entityIDs: entities.map(({ SaleSpecificEntityID }) => SaleSpecificEntityID),
    saleUUID: context.saleUUID,
    atBlock,
  };
  const positions = await readPositions(chain, query, context.deadline);
  if (!positions.ok) return positions;
  const own = positions.data.flatMap((position, index) => {
    const entity = entities[index];
    return entity ? [{ entityID: entity.EntityID, position }] : [];
  });
  return success(own);
}
