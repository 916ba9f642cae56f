import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { SonarClient } from "@echoxyz/sonar-core";
import { readActivity, type Activity } from "@/lib/chain/read-activity";
import type { NamedEntity } from "@/lib/activity/words";
import { getEnv } from "@/lib/config/env";
import { deadlineIn } from "@/lib/http/deadline";
import { fail, success, type Result } from "@/lib/result";
import type { SonarCallContext } from "@/lib/sonar";
import { listEntities } from "@/lib/sonar/entities";
import { entityName } from "@/lib/sonar/entity";

/** The activity of the user's entities, and their names. */
export interface OwnActivity extends Activity {
  entities: readonly NamedEntity[];
}

/**
 * The activity of all of this user's entities, from the chain. The list of entities comes from Sonar and never from the browser. Fails as
 * both reads do, and with `sale/not_announced` while there is no contract.
 */
export async function readOwnActivity(
  client: SonarClient,
  { atBlock }: { atBlock?: number | undefined },
  context: SonarCallContext,
): Promise<Result<OwnActivity>> {
  const { chain } = getEnv();
  if (!chain) return fail("sale/not_announced");
  const list = await listEntities(client, context);
  if (!list.ok) return list;
  const entities = list.data.Entities.map((entity) => ({ id: entity.SaleSpecificEntityID, name: entityName(entity) }));
  const query = { entityIDs: entities.map(({ id }) => id), saleUUID: context.saleUUID, atBlock };
  const activity = await readActivity(chain, query, context.deadline);
  return activity.ok ? success({ ...activity.data, entities }) : activity;
}

/** A file is waited for longer than a page is: this often, a search goes on where the last one stopped. */
const SEARCHES = 5;

/** A node that is behind is given this long to catch up before the next search (milliseconds). */
const CATCH_UP_MS = 1_000;

/** The same, but with nothing left to be searched: a file for bookkeeping must not lack entries. Fails with `sale/activity_incomplete` too,
 * and with `sale/no_entities` while Sonar lists none. */
export async function readWholeActivity(
  client: SonarClient,
  _input: object,
  context: SonarCallContext,
): Promise<Result<OwnActivity>> {
  for (let search = 0; search < SEARCHES; search++) {
    const deadline = search === 0 ? context.deadline : deadlineIn(context.engine.timeoutMs);
    const activity = await readOwnActivity(client, {}, { ...context, deadline });
    if (!activity.ok) return activity;
    if (activity.data.entities.length === 0) return fail("sale/no_entities");
    if (activity.data.older === "none") return activity;
    if (activity.data.older === "unread") break;
    if (activity.data.older === "behind") await sleep(CATCH_UP_MS);
  }
  return fail("sale/activity_incomplete");
}
