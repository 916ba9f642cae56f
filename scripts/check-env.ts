import { checkEnv, envReport } from "@/lib/config/env";
import { loadEnv } from "@/scripts/load-env";

// Part of a deployment's build, so that a bad configuration never replaces a good one. It reads the files that production reads.
const files = loadEnv(true);
const sources = ["the environment", ...files].join(", ");
const check = checkEnv({ ...process.env, NODE_ENV: "production" });
if (check.ok) {
  console.log(`The configuration is complete (${sources}).`);
} else {
  console.error(`${envReport(check.problems)}\nRead: ${sources}.`);
  process.exitCode = 1;
}
