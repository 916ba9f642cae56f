import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { requireProductionBuild } from "@/tests/support/app/app-process";
import { runSoak } from "@/tests/support/soak/soak";
import { soakTable, type SoakOptions } from "@/tests/support/soak/report";
import { problemsOf } from "@/tests/support/soak/verdict";

/** What the instances wrote, and the upstream's record: a problem is looked up there. */
const FOLDER = "test-results/soak";

/** The file has all of them. */
const MOST_PRINTED = 40;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    users: { type: "string", default: "200" },
    instances: { type: "string", default: "3" },
    heap: { type: "string" },
    seed: { type: "string", default: String(Date.now() % 100_000) },
    "token-seconds": { type: "string", default: "60" },
    "acts-per-second": { type: "string", default: "8" },
  },
});

const options: SoakOptions = {
  seconds: Number(values.minutes) * 60,
  users: Number(values.users),
  instances: Number(values.instances),
  ...(values.heap !== undefined && { heapMb: Number(values.heap) }),
  seed: Number(values.seed),
  tokenSeconds: Number(values["token-seconds"]),
  actsPerSecond: Number(values["acts-per-second"]),
  onFault: ({ lane, kind, from }) => console.log(`${new Date(from).toISOString()} ${lane}: ${kind}`),
};

requireProductionBuild();
console.log(`Soak with seed ${options.seed}`);
const result = await runSoak(options);
const problems = problemsOf(result.facts);
mkdirSync(FOLDER, { recursive: true });
for (const { name, text } of result.logs) writeFileSync(join(FOLDER, `${name}.log`), text);
writeFileSync(join(FOLDER, "facts.json"), JSON.stringify(result.facts, null, 1));
console.log(`\n${soakTable(result)}\n`);
writeFileSync(join(FOLDER, "problems.txt"), problems.join("\n"));
for (const problem of problems.slice(0, MOST_PRINTED)) console.log(`- ${problem.slice(0, 500)}`);
console.log(problems.length === 0 ? "Passed." : `${problems.length} problems. Logs and facts: ${FOLDER}`);
process.exitCode = problems.length === 0 ? 0 : 1;
