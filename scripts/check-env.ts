import { checkEnv } from "@/lib/config/env";
import { envReport } from "@/lib/config/env-rules";
import { unknownVariables } from "@/lib/config/unknown-variables";
import { deadlineIn } from "@/lib/http/deadline";
import { hostOf } from "@/scripts/doctor/finding";
import { isOnSolana, SOLANA } from "@/scripts/doctor/sonar";
import { loadEnv } from "@/scripts/load-env";

/** A build does not depend on Sonar: without an answer in this time, the sale counts as one that this app supports. */
const SONAR_TIMEOUT_MS = 10_000;

/** The problems of the environment, ready to print; undefined if it is good. */
async function problemsOf(check: ReturnType<typeof checkEnv>): Promise<string | undefined> {
  if (!check.ok) return envReport(check.problems);
  const { sandbox, sonar } = check.env;
  if (sandbox || !(await isOnSolana(check.env, deadlineIn(SONAR_TIMEOUT_MS)))) return undefined;
  return `SONAR_SALE_UUID: Sonar's API (${hostOf(sonar.apiUrl)}) ${SOLANA}`;
}

/** Part of a deployment's build, so that a bad configuration never replaces a good one. It reads the files that production reads. */
async function main(): Promise<void> {
  const files = loadEnv(true);
  const sources = ["the environment", ...files].join(", ");
  for (const warning of unknownVariables(process.env)) console.error(warning);
  const problems = await problemsOf(checkEnv({ ...process.env, NODE_ENV: "production" }));
  if (problems === undefined) {
    console.log(`The configuration is complete (${sources}).`);
  } else {
    console.error(`${problems}\nRead: ${sources}.`);
    process.exitCode = 1;
  }
}

void main();
