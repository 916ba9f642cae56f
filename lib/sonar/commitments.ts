import "server-only";
import { createClient, type ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { getEnv } from "@/lib/config/env";
import { deadlineIn } from "@/lib/http/deadline";
import { readShared } from "@/lib/http/shared-read";
import { upstreamFetch } from "@/lib/http/upstream";
import type { Result } from "@/lib/result";
import { askSonar, commitmentDataSchema } from "@/lib/sonar/responses";

/** Younger than this, the value is served as it is (milliseconds). Echo itself updates it about once a minute. */
const FRESH_MS = 5_000;

/** Younger than this, it is served at once while a new one is fetched, or if none can be read (milliseconds). */
const STALE_MS = 60_000;

async function fetchCommitments(): Promise<Result<ReadCommitmentDataResponse>> {
  const { sonar, upstreamTimeoutMs } = getEnv();
  const client = createClient({
    apiURL: sonar.apiUrl,
    fetch: upstreamFetch("sonar.commitments", deadlineIn(upstreamTimeoutMs), () => true),
  });
  return askSonar(commitmentDataSchema, () => client.readCommitmentData({ saleUUID: sonar.saleUUID }));
}

/** The sale's public commitment data, shared by all visitors of this process. Fails as a Sonar call does. */
export function readCommitments(
  keepAlive?: (work: Promise<unknown>) => void,
): Promise<Result<ReadCommitmentDataResponse>> {
  const times = { freshMs: FRESH_MS, renewingMs: STALE_MS, keptMs: STALE_MS };
  return readShared({ name: "commitments", read: fetchCommitments, ...times }, keepAlive);
}
