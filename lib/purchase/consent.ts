import "server-only";
import type { SonarClient } from "@echoxyz/sonar-core";
import { site, type TermsConsent } from "@/lib/config/site";
import { fail, success, type Result } from "@/lib/result";
import type { SonarCallContext } from "@/lib/sonar";
import { requireOwnEntity } from "@/lib/sonar/entities";
import type { ConsentOwner, ConsentStore } from "@/lib/stores/contracts";
import { getDatabase, type Database } from "@/lib/stores/database";

/** The consent store over Kysely, for SQLite and Postgres alike. */
export class SqlConsentStore implements ConsentStore {
  constructor(
    private readonly database: Database,
    private readonly now: () => number = () => database.clock.now(),
  ) {}

  async record({ userId, entityID }: ConsentOwner, version: string): Promise<void> {
    await this.database.kysely
      .insertInto("entity_consents")
      .values({ user_id: userId, entity_id: entityID, version, accepted_at: this.now() })
      .onConflict((conflict) => conflict.columns(["user_id", "entity_id", "version"]).doNothing())
      .execute();
  }

  async versions({ userId, entityID }: ConsentOwner): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom("entity_consents")
      .select("version")
      .where("user_id", "=", userId)
      .where("entity_id", "=", entityID)
      .execute();
    return rows.map(({ version }) => version);
  }
}

async function getConsentStore(): Promise<ConsentStore> {
  return new SqlConsentStore(await getDatabase());
}

/**
 * Passes if the user has accepted these terms for the entity, or if there are none. Fails with `sale/terms_not_accepted`, or with
 * `sale/terms_changed` after an earlier version was accepted; both carry the terms, so that a page from before a deployment shows the current
 * ones.
 */
export async function checkConsent(
  store: ConsentStore,
  terms: TermsConsent | undefined,
  owner: ConsentOwner,
): Promise<Result<void>> {
  if (!terms) return success(undefined);
  const accepted = await store.versions(owner);
  if (accepted.includes(terms.version)) return success(undefined);
  return fail(accepted.length > 0 ? "sale/terms_changed" : "sale/terms_not_accepted", { terms });
}

/** Records that a user accepts these terms for an entity. Fails with `sale/terms_changed` for any other version: nobody has read that one here. */
export async function recordConsent(
  store: ConsentStore,
  terms: TermsConsent | undefined,
  { version, ...owner }: ConsentOwner & { version: string },
): Promise<Result<void>> {
  if (!terms) return success(undefined);
  if (version !== terms.version) return fail("sale/terms_changed", { terms });
  return success(await store.record(owner, version));
}

/** `checkConsent` for the terms of this site. */
export async function requireConsent(owner: ConsentOwner): Promise<Result<void>> {
  return checkConsent(await getConsentStore(), site.consent, owner);
}

/**
 * Records that the user accepts the terms of this site for an entity. Fails as `recordConsent` does, and with `api/not_found` for an entity
 * that is not the user's: a proof that names a stranger would be none, and ids that nobody checks could fill the table.
 */
export async function acceptSiteTerms(
  client: SonarClient,
  { entityID, version }: { entityID: string; version: string },
  context: SonarCallContext,
): Promise<Result<void>> {
  const own = await requireOwnEntity(client, entityID, context);
  if (!own.ok) return own;
  const { engine, userId } = context;
  const recorded = await recordConsent(await getConsentStore(), site.consent, { userId, entityID, version });
  if (recorded.ok && site.consent) engine.audit.note(userId, { event: "consent", entityID, version });
  return recorded;
}
