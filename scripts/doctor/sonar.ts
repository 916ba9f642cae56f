import { createClient, type ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { z } from "zod";
import type { Env } from "@/lib/config/env";
import type { Deadline } from "@/lib/http/deadline";
import { parseJson } from "@/lib/http/parse-json";
import { isRefusingStatus, upstreamFetch } from "@/lib/http/upstream";
import type { Failure, Result } from "@/lib/result";
import { askSonar, commitmentDataSchema } from "@/lib/sonar/responses";
import { fix, hostOf, note, ok, type ClockReading, type Examined, type Finding } from "@/scripts/doctor/finding";

/** A Date header has whole seconds: the middle of its second is the best guess. */
const HALF_SECOND = 500;

function clockFrom(answer: Response, of: string, now: () => number): ClockReading[] {
  const time = Date.parse(answer.headers.get("date") ?? "");
  return Number.isNaN(time) ? [] : [{ of, offset: time + HALF_SECOND - now() }];
}

function isJson(answer: Response): boolean {
  return /\bjson\b/.test(answer.headers.get("content-type") ?? "");
}

/** The words for an upstream without a usable answer; undefined if it did answer. */
export function unreachableText({ code, reason, status }: Failure): string | undefined {
  if (code !== "api/network_error" && code !== "oauth/network_error" && code !== "api/server_error") {
    return code === "api/rate_limited"
      ? "answers that it gets too many requests. Run this again in a minute."
      : undefined;
  }
  if (reason === "timeout") return "does not answer in time. Check this machine's network, and whether it is down.";
  if (reason === "unreachable") return "cannot be reached. Check the address, and this machine's network.";
  if (status !== undefined && status < 500) return `answers with ${status}. Check the address.`;
  const answered = status === undefined ? "an error of its own" : `an error of its own (${status})`;
  return `answers with ${answered}. Nothing is wrong here; run this again later.`;
}

const WRONG_API =
  "answers, but not as Sonar's API does. Correct SONAR_API_URL, or remove it for the default; if it is right, a firewall in front of it refuses this machine.";

/** The words for a sale that this app cannot serve, after the name of Sonar's API. */
export const SOLANA = "says that this sale is on Solana. This app supports sales on EVM chains only.";

/** Asks for the sale's public commitments, the only call without a user. */
function readSale({ sonar }: Env, fetch: typeof globalThis.fetch): Promise<Result<ReadCommitmentDataResponse>> {
  const client = createClient({ apiURL: sonar.apiUrl, fetch });
  return askSonar(commitmentDataSchema, () => client.readCommitmentData({ saleUUID: sonar.saleUUID }));
}

/** True if Sonar's answer shows a sale on Solana. False if it shows none, or if there is no answer. */
export async function isOnSolana(env: Env, deadline: Deadline): Promise<boolean> {
  const read = await readSale(
    env,
    upstreamFetch("doctor", deadline, () => true),
  );
  return !read.ok && read.error.code === "sale/not_evm";
}

/** The result of that call. */
function saleFinding(read: Result<ReadCommitmentDataResponse>, host: string, answeredJson: boolean): Finding {
  const subject = `Sonar's API (${host})`;
  if (read.ok) return ok(subject, `knows the sale (${read.data.UniqueCommitmentCount} commitments so far).`);
  const { code, status } = read.error;
  if (status !== undefined && isRefusingStatus(status) && !answeredJson) return fix(subject, WRONG_API);
  const unreachable = unreachableText(read.error);
  if (unreachable !== undefined) return fix(subject, unreachable);
  if (!answeredJson) return fix(subject, WRONG_API);
  if (code === "api/not_found" || code === "api/invalid_request")
    return fix(
      subject,
      "does not know the sale of SONAR_SALE_UUID. Copy it again from the address of the sale's page in Echo's founder dashboard.",
    );
  if (code === "sale/not_evm") return fix(subject, SOLANA);
  if (code === "api/invalid_response")
    return fix(subject, "tells of this sale in a form that this site cannot read. Report it, with this line.");
  return note(subject, `does not tell whether it knows the sale (${status ?? code}). A first connection will show it.`);
}

/** Checks Sonar's API and the sale. The decimals are those in which Sonar counts amounts. */
export async function examineSonar(
  env: Env,
  deadline: Deadline,
  now: () => number,
): Promise<Examined & { decimals?: number }> {
  const host = hostOf(env.sonar.apiUrl);
  const ask = upstreamFetch("doctor", deadline, () => true);
  let clocks: ClockReading[] = [];
  let answeredJson = false;
  const read = await readSale(env, async (input, init) => {
    const answer = await ask(input, init);
    clocks = clockFrom(answer, host, now);
    answeredJson = isJson(answer);
    return answer;
  });
  const findings = [saleFinding(read, host, answeredJson)];
  return { findings, clocks, ...(read.ok && { decimals: read.data.PaymentTokenDecimals }) };
}

const sandboxHealth = z.object({ sandbox: z.literal("sonar") });

const START_IT = "Start it with `npm run dev`, or alone with `npm run sandbox`";

/** Checks that a sandbox is running at `origin`. Its Echo, chain and providers are then checked like the real ones. */
export async function examineSandbox(origin: string, deadline: Deadline): Promise<Finding> {
  const subject = `sandbox (${hostOf(origin)})`;
  try {
    const answer = await upstreamFetch("doctor", deadline, () => true)(`${origin}/sandbox/health`);
    const isSandbox = sandboxHealth.safeParse(parseJson(await answer.text())).success;
    return isSandbox
      ? ok(subject, "runs.")
      : fix(subject, "another program uses this port. Stop it, or set SANDBOX_PORT to the first of six free ports.");
  } catch {
    return fix(subject, `does not run. ${START_IT}; for a real sale, set SONAR_CLIENT_UUID and SONAR_SALE_UUID.`);
  }
}
