import "server-only";
import { readContract } from "@/lib/chain/read-contract";
import { getEnv } from "@/lib/env";
import { deadlineIn } from "@/lib/upstream/deadline";
import { fail, type Result } from "@/lib/result";
import type { SaleState } from "@/lib/sale/sale-state";
import { readShared } from "@/lib/shared-read";

/** A block comes every two seconds on the quicker chains, and people watch this state while they commit. */
const FRESH_MS = 2_000;

/** Shorter than the pages' polling: a lone visitor must not be told, ten seconds later, what they know. */
const RENEWING_MS = 5_000;

/** For as long as this, the last state is better than none. */
const KEPT_MS = 60_000;

function fetchSaleState(): Promise<Result<SaleState>> {
  const { chain, sonar, upstreamTimeoutMs } = getEnv();
  if (!chain) return Promise.resolve(fail("sale/not_announced"));
  return readContract(chain, sonar.saleUUID, deadlineIn(upstreamTimeoutMs));
}

/**
 * What the sale's contract says at the latest block, shared by all visitors of this process. Failures: `sale/not_announced`,
 * `sale/wrong_contract`, `sale/unsupported_contract`, `chain/unreachable`.
 */
export function readSaleState(keepAlive?: (work: Promise<unknown>) => void): Promise<Result<SaleState>> {
  const times = { freshMs: FRESH_MS, renewingMs: RENEWING_MS, keptMs: KEPT_MS };
  return readShared({ name: "sale-state", read: fetchSaleState, ...times }, keepAlive);
}
