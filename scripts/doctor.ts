import { silenceLog } from "@/lib/http/log";
import { examine } from "@/scripts/doctor/examine";
import { reportText } from "@/scripts/doctor/finding";
import { loadEnv } from "@/scripts/load-env";

/** Time for connections to close by themselves (milliseconds). */
const GRACE_MS = 1_000;

/** Asks everything that the app depends on, and says what to do about each fault. Ends with code 1 if there is one. */
async function main(): Promise<void> {
  loadEnv();
  silenceLog();
  const findings = await examine(process.env);
  console.log(reportText(findings));
  if (findings.some(({ level }) => level === "fix")) process.exitCode = 1;
  // A database or node that hangs may hold a connection.
  setTimeout(() => process.exit(), GRACE_MS).unref();
}

main().catch((error: unknown) => {
  // The message may quote a URL with its key.
  console.error(`The checks themselves failed (${error instanceof Error ? error.name : "unknown"}).`);
  process.exitCode = 1;
});
