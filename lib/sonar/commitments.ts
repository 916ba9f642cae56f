import "server-only";
import { createClient, type ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { getEnv } from "@/lib/config/env";
import type { FailureCode } from "@/lib/failures";
import { deadlineIn, passedSince, thisMoment, type Moment } from "@/lib/http/deadline";
import { processGlobal } from "@/lib/http/process-global";
import { logSharedRead, readShared } from "@/lib/http/shared-read";
import { upstreamFetch } from "@/lib/http/upstream";
import { fail, type Result } from "@/lib/result";
import { askSonar, commitmentDataSchema } from "@/lib/sonar/responses";

/** Younger than this, the value is served as it is (milliseconds). Echo itself updates it about once a minute. */
const FRESH_MS = 5_000;

/** Younger than this, it is served at once while a new one is fetched, or if none can be read (milliseconds). */
const STALE_MS = 60_000;

/** The event of a failed read of the public figures. Not a call in a user's name: those may be well, and this one keeps everybody from committing. */
const COMMITMENTS_CALL = "sonar.commitments";

/** The decimals of a token do not change, so they are remembered for much longer than the figures (milliseconds). */
const DECIMALS_KEPT_MS = 86_400_000;

interface ToldDecimals {
  decimals: number;
  at: Moment;
}

function memory(): { told?: ToldDecimals } {
  return processGlobal("payment-decimals", () => ({}));
}

/**
 * The decimals of the sale's payment tokens, as Sonar has stated them within the last day. Undefined if this process has not been told: nothing can be
 * committed then.
 */
export function knownPaymentDecimals(): number | undefined {
  const { told } = memory();
  return told && passedSince(told.at) < DECIMALS_KEPT_MS ? told.decimals : undefined;
}

/** The refusals of a call in a user's name. */
const OF_A_CALLER: ReadonlySet<FailureCode> = new Set([
  "api/unauthorized",
  "api/forbidden",
  "api/not_found",
  "api/invalid_request",
  "api/rate_limited",
]);

/**
 * The failure for visitors. The read is made in nobody's name: where it is refused, by a firewall that keeps this server out for example, they must
 * not be told that their own connection, permission or haste is to blame, and disconnect (issue 13).
 */
function asPublic<T>(read: Result<T>): Result<T> {
  if (read.ok || !OF_A_CALLER.has(read.error.code)) return read;
  const { code, status } = read.error;
  const reason = code === "api/rate_limited" ? "overloaded" : "server_error";
  return fail("api/network_error", { reason, status });
}

async function fetchCommitments(): Promise<Result<ReadCommitmentDataResponse>> {
  const { sonar, upstreamTimeoutMs } = getEnv();
  const client = createClient({
    apiURL: sonar.apiUrl,
    fetch: upstreamFetch("sonar.commitments", deadlineIn(upstreamTimeoutMs), () => true),
  });
  const read = await askSonar(commitmentDataSchema, () => client.readCommitmentData({ saleUUID: sonar.saleUUID }));
  if (read.ok) memory().told = { decimals: read.data.PaymentTokenDecimals, at: thisMoment() };
  return asPublic(logSharedRead(COMMITMENTS_CALL, "commitments", read));
}

/** The sale's public commitment data, shared by all visitors of this process. Fails with `api/network_error`, `api/server_error` or `api/invalid_response`. */
export function readCommitments(
  keepAlive?: (work: Promise<unknown>) => void,
): Promise<Result<ReadCommitmentDataResponse>> {
  const times = { freshMs: FRESH_MS, renewingMs: STALE_MS, keptMs: STALE_MS };
  return readShared({ name: "commitments", read: fetchCommitments, ...times }, keepAlive);
}
