import "server-only";
import { createClient, type ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { after } from "next/server";
import { getEnv } from "@/lib/env";
import { deadlineIn } from "@/lib/oauth/deadline";
import { upstreamFetch } from "@/lib/oauth/upstream-fetch";
import { processGlobal } from "@/lib/process-global";
import { success, type Result } from "@/lib/result";
import { askSonar } from "@/lib/sonar/ask-sonar";
import { commitmentDataSchema } from "@/lib/sonar/responses";

/** Younger than this, the value is served as it is (milliseconds). Echo itself renews it about once a minute. */
const FRESH_MS = 5_000;

/** Younger than this, it is served at once while a new one is fetched, or when none can be had (milliseconds). */
const STALE_MS = 60_000;

interface Memory {
  last?: { value: ReadCommitmentDataResponse; at: number };
  flight?: Promise<Result<ReadCommitmentDataResponse>>;
}

async function fetchCommitments(): Promise<Result<ReadCommitmentDataResponse>> {
  const { sonar, upstreamTimeoutMs } = getEnv();
  const client = createClient({
    apiURL: sonar.apiUrl,
    fetch: upstreamFetch(deadlineIn(upstreamTimeoutMs), () => true),
  });
  return askSonar(commitmentDataSchema, () => client.readCommitmentData({ saleUUID: sonar.saleUUID }));
}

/** One request to Echo at a time, however many visitors ask. */
function fetchOnce(memory: Memory): Promise<Result<ReadCommitmentDataResponse>> {
  memory.flight ??= fetchCommitments()
    .then((result) => {
      if (result.ok) memory.last = { value: result.data, at: Date.now() };
      return result;
    })
    .finally(() => delete memory.flight);
  return memory.flight;
}

/** The sale's public commitment data, shared by all visitors of this process. Fails as a Sonar call does. */
export async function readCommitments(
  keepAlive: (work: Promise<unknown>) => void = (work) => after(() => work),
): Promise<Result<ReadCommitmentDataResponse>> {
  const memory = processGlobal<Memory>("commitments", () => ({}));
  const age = memory.last ? Date.now() - memory.last.at : Infinity;
  if (memory.last && age < FRESH_MS) return success(memory.last.value);
  const flight = fetchOnce(memory);
  if (memory.last && age < STALE_MS) {
    // A serverless host freezes the process after the answer; the renewal would thaw with its time long over.
    keepAlive(flight.catch(() => undefined));
    return success(memory.last.value);
  }
  return flight;
}
