import { runDoctor } from "@/scripts/doctor/examine";

runDoctor().catch((error: unknown) => {
  // The message may quote a URL with its key.
  console.error(`The checks themselves failed (${error instanceof Error ? error.name : "unknown"}).`);
  process.exitCode = 1;
});
