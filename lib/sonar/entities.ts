import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { EntitySetupState, SaleEligibility, type SonarClient } from "@echoxyz/sonar-core";
import { cache } from "react";
import { processGlobal } from "@/lib/http/process-global";
import { fail, success, type Result } from "@/lib/result";
import type { SonarCallContext } from "@/lib/sonar";
import type { SonarEntity } from "@/lib/sonar/entity";
import { askSonar, entitiesSchema, readEntitySchema } from "@/lib/sonar/responses";
import { sha256 } from "@/lib/stores/seal";

/**
 * A list is used to refuse unknown ids for this long (milliseconds). Short, because another instance may have seen a newer list, with an
 * entity that the user has just set up.
 */
const KNOWN_FOR_MS = 10_000;

interface Known {
  ids: ReadonlySet<string>;
  until: number;
}

/**
 * The owner of a list: one user with one access token. A user who reconnects with another account has other entities, and another instance
 * may have handled that.
 */
export function ownerOf(userId: string, accessToken: string): string {
  return `${userId} ${sha256(accessToken)}`;
}

function memory(): Map<string, Known> {
  return processGlobal("known-entities", () => new Map<string, Known>());
}

/** Remembers the entities that Sonar has just listed for `owner` (see `ownerOf`). Time in milliseconds since 1970. */
export function rememberEntities(owner: string, ids: readonly string[], now: number): void {
  const known = memory();
  for (const [other, { until }] of known) if (until <= now) known.delete(other);
  known.set(owner, { ids: new Set(ids), until: now + KNOWN_FOR_MS });
}

/** "yes" or "no" while the owner's list is known, else "unknown". */
export function isOwnEntity(owner: string, entityID: string, now: number): "yes" | "no" | "unknown" {
  const known = memory().get(owner);
  if (!known || known.until <= now) return "unknown";
  return known.ids.has(entityID) ? "yes" : "no";
}

/** For this long after connecting, an empty list may still be filling (milliseconds). */
const SETTLING_MS = 60_000;
const REREADS = 2;
const REREAD_AFTER_MS = 600;

/** The parsed answer of `ListAvailableEntities`. */
export interface EntityList {
  Entities: SonarEntity[];
}

function owner(client: SonarClient, { userId }: SonarCallContext): string {
  return ownerOf(userId, client.getToken() ?? "");
}

async function listOnce(client: SonarClient, context: SonarCallContext): Promise<Result<EntityList>> {
  const { saleUUID, engine } = context;
  const list = await askSonar(entitiesSchema, () => client.listAvailableEntities({ saleUUID }));
  if (list.ok) {
    const ids = list.data.Entities.map(({ EntityID }) => EntityID);
    rememberEntities(owner(client, context), ids, engine.now());
  }
  return list;
}

async function connectedJustNow({ engine, userId }: SonarCallContext): Promise<boolean> {
  const connection = await engine.tokens.get({ provider: "sonar", userId });
  return connection !== null && engine.now() - connection.connectedAt < SETTLING_MS;
}

/** Right after connecting, the list can be empty for a moment although there are entities. */
async function listSettled(client: SonarClient, context: SonarCallContext): Promise<Result<EntityList>> {
  let list = await listOnce(client, context);
  for (let reread = 0; reread < REREADS; reread++) {
    if (!list.ok || list.data.Entities.length > 0 || !(await connectedJustNow(context))) return list;
    await sleep(REREAD_AFTER_MS);
    list = await listOnce(client, context);
  }
  return list;
}

/** While a page is rendered, React returns the same map to all callers; otherwise each gets a new one. */
const listsOfThisRender = cache(() => new Map<string, Promise<Result<EntityList>>>());

/**
 * The user's entities; an empty list right after connecting is read again before the user is told that they have none. The reads of one page
 * (entities and positions) share one request. Those of two pages do not, because one that hangs would delay both.
 */
export function listEntities(client: SonarClient, context: SonarCallContext): Promise<Result<EntityList>> {
  const lists = listsOfThisRender();
  const key = owner(client, context);
  const list = lists.get(key) ?? listSettled(client, context);
  lists.set(key, list);
  return list;
}

/** Fails with `api/not_found` for an entity that is not this user's; such an id is never sent to Sonar. */
export async function requireOwnEntity(
  client: SonarClient,
  entityID: string,
  context: SonarCallContext,
): Promise<Result<void>> {
  const isOwn = () => isOwnEntity(owner(client, context), entityID, context.engine.now());
  if (isOwn() === "unknown") {
    const list = await listOnce(client, context);
    if (!list.ok) return list;
  }
  return isOwn() === "yes" ? success(undefined) : fail("api/not_found");
}

/** One of the user's entities. The answer to a lookup by wallet is returned only if the entity is the user's own. */
export async function readOwnEntity(
  client: SonarClient,
  input: { entityID: string } | { walletAddress: string },
  context: SonarCallContext,
): Promise<Result<{ Entity: SonarEntity }>> {
  const { saleUUID } = context;
  if ("entityID" in input) {
    const own = await requireOwnEntity(client, input.entityID, context);
    if (!own.ok) return own;
  }
  const read = await askSonar(readEntitySchema, () => client.readEntity({ saleUUID, ...input }));
  if (!read.ok || "entityID" in input) return read;
  const own = await requireOwnEntity(client, read.data.Entity.EntityID, context);
  return own.ok ? read : own;
}

/**
 * Like `requireOwnEntity`, but always reads the entity's current state: a permit is worth money, and Sonar does not promise to refuse one
 * itself. Fails with `sale/entity_not_ready` unless the setup is complete and the entity eligible.
 */
export async function requireReadyEntity(
  client: SonarClient,
  entityID: string,
  context: SonarCallContext,
): Promise<Result<void>> {
  if (isOwnEntity(owner(client, context), entityID, context.engine.now()) === "no") return fail("api/not_found");
  const list = await listOnce(client, context);
  if (!list.ok) return list;
  const entity = list.data.Entities.find(({ EntityID }) => EntityID === entityID);
  if (!entity) return fail("api/not_found");
  const ready =
    !entity.Pending &&
    entity.EntitySetupState === EntitySetupState.COMPLETE &&
    entity.SaleEligibility === SaleEligibility.ELIGIBLE;
  return ready ? success(undefined) : fail("sale/entity_not_ready");
}
