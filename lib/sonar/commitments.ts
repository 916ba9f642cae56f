import "server-only";
import { createClient, type ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { getEnv } from "@/lib/config/env";
import { deadlineIn, passedSince, thisMoment, type Moment } from "@/lib/http/deadline";
import { processGlobal } from "@/lib/http/process-global";
import { logSharedRead, readShared } from "@/lib/http/shared-read";
import { upstreamFetch } from "@/lib/http/upstream";
import type { Result } from "@/lib/result";
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

async function fetchCommitments(): Promise<Result<ReadCommitmentDataResponse>> {
  const { sonar, upstreamTimeoutMs } = getEnv();
  const client = createClient({
    apiURL: sonar.apiUrl,
    fetch: upstreamFetch("sonar.commitments", deadlineIn(upstreamTimeoutMs), () => true),
  });
  const read = await askSonar(commitmentDataSchema, () => client.readCommitmentData({ saleUUID: sonar.saleUUID }));
  if (read.ok) memory().told = { decimals: read.data.PaymentTokenDecimals, at: thisMoment() };
  return logSharedRead(COMMITMENTS_CALL, "commitments", read);
}

/** The sale's public commitment data, shared by all visitors of this process. Fails as a Sonar call does. */
export function readCommitments(
  keepAlive?: (work: Promise<unknown>) => void,
): Promise<Result<ReadCommitmentDataResponse>> {
  const times = { freshMs: FRESH_MS, renewingMs: STALE_MS, keptMs: STALE_MS };
  return readShared({ name: "commitments", read: fetchCommitments, ...times }, keepAlive);
}
