import "server-only";
import type { GeneratePurchasePermitResponse } from "@echoxyz/sonar-core";
import { headers } from "next/headers";
import { after } from "next/server";
import { getEnv } from "@/lib/config/env";
import { currentLog } from "@/lib/http/guarded";
import { errorFields, type Log } from "@/lib/http/log";
import { loggedName } from "@/lib/http/log-identity";
import { processGlobal } from "@/lib/http/process-global";
import { visitorAddress } from "@/lib/http/visitor-address";
import type { ProviderId } from "@/lib/oauth/provider";
import { getDatabase, type Database } from "@/lib/stores/database";
import { sha256 } from "@/lib/stores/seal";
import { SqlAuditStore } from "@/lib/stores/sql-audit-store";

/** The bounds that a permit allows, as it writes them: amounts in the token's smallest unit, prices in the sale's micro-units. */
type PermitBounds = Partial<Record<"minAmount" | "maxAmount" | "minPrice" | "maxPrice", string>>;

/**
 * Everything that the audit table can say. Each kind has its own fields and none is for text, so that no message, name, email, token, code or
 * signature can get there. An entity is written as Sonar's id, a wallet as its address. A new kind is added here, and written by the function
 * that has done the thing, after it succeeded.
 */
export type AuditEvent =
  /** "replaced": the same person was still signed in in this browser; that session has ended, and the connections stay. */
  | { event: "sign-in"; replaced?: true }
  | { event: "sign-out" }
  /** "refresh-refused": the token endpoint has ended the connection. "connection-expired": it had no refresh token, and its time was over. */
  | { event: "connect" | "disconnect" | "refresh-refused" | "connection-expired"; provider: ProviderId }
  | { event: "permit-asked"; entityID: string; wallet: string }
  | { event: "permit-given"; entityID: string; wallet: string; bounds: PermitBounds }
  | { event: "consent"; entityID: string; version: string };

/** Writes what a user did, within one request. */
export interface Audit {
  /**
   * Writes beside everything else, or after the answer: nothing waits for it. If that fails, the log says so and the user's action stays as it
   * is: a table for the operator must keep nobody from signing out.
   */
  note(userId: string, event: AuditEvent): void;
  /**
   * Writes now, and throws if that fails. Only for what must not exist without its row: a signed permit, with which money moves and whose
   * bounds stand nowhere else on this site.
   */
  record(userId: string, event: AuditEvent): Promise<void>;
}

/** The parts of a request that its rows carry, and the functions that a request has. */
interface AuditContext {
  database: Database;
  requestId: string;
  /** The visitor's network address; empty: unknown. */
  address: string;
  days: number;
  log: Log;
  keepAlive(work: Promise<unknown>): void;
  now?: () => number;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** An id as it may be written. Sonar's ids are opaque, and a client sends one as any text: a text that is no id becomes its hash. */
function idText(id: string): string {
  return /^[\w.:-]{1,128}$/.test(id) ? id : `sha256:${sha256(id)}`;
}

function detailsOf({ event: _event, ...details }: AuditEvent): string {
  return JSON.stringify("entityID" in details ? { ...details, entityID: idText(details.entityID) } : details);
}

/** The bounds of a permit, whatever its form; older forms have none of a price. */
export function permitBounds({ PermitJSON: permit }: GeneratePurchasePermitResponse): PermitBounds {
  return {
    ...("MinAmount" in permit && { minAmount: String(permit.MinAmount), maxAmount: String(permit.MaxAmount) }),
    ...("MinPrice" in permit &&
      permit.MinPrice !== undefined && { minPrice: String(permit.MinPrice), maxPrice: String(permit.MaxPrice) }),
  };
}

/** One process prunes at most this often (milliseconds). */
const PRUNE_EVERY_MS = 60_000;

function isPruningDue(database: Database, now: number): boolean {
  const pruned = processGlobal("audit-pruned", () => new WeakMap<Database, number>());
  if (Math.abs(now - (pruned.get(database) ?? -Infinity)) < PRUNE_EVERY_MS) return false;
  pruned.set(database, now);
  return true;
}

/** The audit table for one request. */
export function auditFor(context: AuditContext): Audit {
  const { database, requestId, address, days, log, keepAlive, now = () => database.clock.now() } = context;
  const store = new SqlAuditStore(database, now);
  const record = (userId: string, event: AuditEvent) =>
    store.append({
      event: event.event,
      user_id: userId,
      address_hmac: address === "" ? null : loggedName("address", address),
      request_id: requestId,
      details: detailsOf(event),
    });
  const prune = () => (isPruningDue(database, now()) ? store.prune(now() - days * DAY_MS) : undefined);
  const failed = (call: string) => (error: unknown) => log.warn("audit.not-written", { call, ...errorFields(error) });
  return {
    record,
    note(userId, event) {
      const written = record(userId, event).then(prune).catch(failed(event.event));
      try {
        keepAlive(written);
      } catch {
        // Next's `after` throws where no request is left to wait for. The write is under way, and the action must not fail.
      }
    },
  };
}

/** The audit table for the current request. */
export async function currentAudit(): Promise<Audit> {
  const [database, log, all] = await Promise.all([getDatabase(), currentLog(), headers()]);
  return auditFor({
    database,
    requestId: all.get("x-request-id") ?? "-",
    address: visitorAddress(all, getEnv().trustedProxies),
    days: getEnv().auditDays,
    log,
    keepAlive: (work) => after(() => work),
  });
}
