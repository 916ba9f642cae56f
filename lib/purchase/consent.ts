import "server-only";
import { z } from "zod";
import { site, type TermsConsent } from "@/lib/config/site";
import { withinRate } from "@/lib/http/rate-limit";
import { fail, success, type Result } from "@/lib/result";
import { getSession } from "@/lib/session";
import type { ConsentStore } from "@/lib/stores/contracts";
import { getDatabase, type Database } from "@/lib/stores/database";

/** The consent store over Kysely, for SQLite and Postgres alike. */
export class SqlConsentStore implements ConsentStore {
  constructor(
    private readonly database: Database,
    private readonly now: () => number = Date.now,
  ) {}

  async record(userId: string, version: string): Promise<void> {
    await this.database.kysely
      .insertInto("consents")
      .values({ user_id: userId, version, accepted_at: this.now() })
      .onConflict((conflict) => conflict.columns(["user_id", "version"]).doNothing())
      .execute();
  }

  async versions(userId: string): Promise<string[]> {
    const rows = await this.database.kysely
      .selectFrom("consents")
      .select("version")
      .where("user_id", "=", userId)
      .execute();
    return rows.map(({ version }) => version);
  }
}

async function getConsentStore(): Promise<ConsentStore> {
  return new SqlConsentStore(await getDatabase());
}

/**
 * Passes if the user has accepted these terms, or if there are none. Fails with `sale/terms_not_accepted`, or with `sale/terms_changed` for
 * a user who accepted an earlier version; both carry the terms, so that a page from before a deployment shows the current ones.
 */
export async function checkConsent(
  store: ConsentStore,
  terms: TermsConsent | undefined,
  userId: string,
): Promise<Result<void>> {
  if (!terms) return success(undefined);
  const accepted = await store.versions(userId);
  if (accepted.includes(terms.version)) return success(undefined);
  return fail(accepted.length > 0 ? "sale/terms_changed" : "sale/terms_not_accepted", { terms });
}

/** Records that a user accepts these terms. Fails with `sale/terms_changed` for any other version: nobody has read that one here. */
export async function recordConsent(
  store: ConsentStore,
  terms: TermsConsent | undefined,
  { userId, version }: { userId: string; version: string },
): Promise<Result<void>> {
  if (!terms) return success(undefined);
  if (version !== terms.version) return fail("sale/terms_changed", { terms });
  return success(await store.record(userId, version));
}

/** `checkConsent` for the terms of this site. */
export async function requireConsent(userId: string): Promise<Result<void>> {
  return checkConsent(await getConsentStore(), site.consent, userId);
}

const acceptInput = z.object({ version: z.string().min(1).max(64) });

/**
 * Records that the signed-in user accepts the terms of this site; no connection is needed. Fails with `session/missing`,
 * `api/invalid_request`, `api/rate_limited`, or as `recordConsent` does.
 */
export async function acceptSiteTerms(input: unknown): Promise<Result<void>> {
  const session = await getSession();
  if (!session) return fail("session/missing");
  const parsed = acceptInput.safeParse(input);
  if (!parsed.success) return fail("api/invalid_request");
  if (!(await withinRate("connect", session.userId))) return fail("api/rate_limited");
  const consent = { userId: session.userId, version: parsed.data.version };
  return recordConsent(await getConsentStore(), site.consent, consent);
}
