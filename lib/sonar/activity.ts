import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { SonarClient } from "@echoxyz/sonar-core";
import type { Hex } from "viem";
import { readActivity, type Activity } from "@/lib/chain/read-activity";
import { lacksNewer } from "@/lib/activity/missing-blocks";
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

interface Input {
  atBlock?: number | undefined;
}

/** An entity of the user, by its `SaleSpecificEntityID`. */
type OwnEntity = NamedEntity & { id: Hex };

/** The user's entities in the sale, as far as their activity names them. */
async function listNames(client: SonarClient, context: SonarCallContext): Promise<Result<OwnEntity[]>> {
  const list = await listEntities(client, context);
  if (!list.ok) return list;
  return success(list.data.Entities.map((entity) => ({ id: entity.SaleSpecificEntityID, name: entityName(entity) })));
}

async function activityOf(
  entities: readonly OwnEntity[],
  { atBlock = 0 }: Input,
  { saleUUID, deadline }: Pick<SonarCallContext, "saleUUID" | "deadline">,
): Promise<Result<OwnActivity>> {
  const { chain } = getEnv();
  if (!chain) return fail("sale/not_announced");
  const activity = await readActivity(chain, { entityIDs: entities.map(({ id }) => id), saleUUID, atBlock }, deadline);
  if (!activity.ok) return activity;
  return success({ ...lacksNewer(activity.data, activity.data.block < atBlock), entities });
}

/**
 * The activity of all of this user's entities, from the chain; `atBlock`: a block that the page knows, without which newer entries may be missing.
 * The list of entities comes from Sonar and never from the browser. Fails as both reads do, and with `sale/not_announced` while there is no contract.
 */
export async function readOwnActivity(
  client: SonarClient,
  input: Input,
  context: SonarCallContext,
): Promise<Result<OwnActivity>> {
  if (!getEnv().chain) return fail("sale/not_announced");
  const entities = await listNames(client, context);
  return entities.ok ? activityOf(entities.data, input, context) : entities;
}

/** A file is waited for longer than a page is: this often, a search goes on where the last one stopped. */
const SEARCHES = 5;

/** A node that is behind is given this long to catch up before the next search (milliseconds). */
const CATCH_UP_MS = 1_000;

/** The same, but with nothing left to be searched: a file for bookkeeping must not lack entries. Fails with `sale/activity_incomplete` too,
 * and with `sale/no_entities` while Sonar lists none. */
export async function readWholeActivity(
  client: SonarClient,
  input: Input,
  context: SonarCallContext,
): Promise<Result<OwnActivity>> {
  if (!getEnv().chain) return fail("sale/not_announced");
  const entities = await listNames(client, context);
  if (!entities.ok) return entities;
  if (entities.data.length === 0) return fail("sale/no_entities");
  for (let search = 0; search < SEARCHES; search++) {
    const deadline = search === 0 ? context.deadline : deadlineIn(context.engine.timeoutMs);
    const activity = await activityOf(entities.data, input, { ...context, deadline });
    if (!activity.ok || activity.data.missing === "none") return activity;
    if (activity.data.missing === "behind") await sleep(CATCH_UP_MS);
    else if (activity.data.missing !== "to-search") break;
  }
  return fail("sale/activity_incomplete");
}
