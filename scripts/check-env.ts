import { checkEnv, envReport } from "@/lib/config/env";
import { loadEnv } from "@/scripts/load-env";

// Part of a deployment's build, so that a bad configuration never replaces a good one.
loadEnv();
const check = checkEnv({ ...process.env, NODE_ENV: "production" });
if (check.ok) {
  console.log("The configuration is complete.");
} else {
  console.error(envReport(check.problems));
  process.exitCode = 1;
}
