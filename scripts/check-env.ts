import { checkEnv, envReport } from "@/lib/config/env";
import { loadEnv } from "@/scripts/load-env";

// Part of a deployment's build: a bad configuration must not get as far as replacing a good one.
loadEnv();
const check = checkEnv({ ...process.env, NODE_ENV: "production" });
if (check.ok) {
  console.log("The configuration is complete.");
} else {
  console.error(envReport(check.problems));
  process.exitCode = 1;
}
