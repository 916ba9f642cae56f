import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ARTIFACTS_FOLDER, renderArtifacts, readContractSources } from "../sandbox/chain/compile";

/** Compiles the sandbox's contracts. The results are committed, so that the sandbox itself compiles nothing. */
async function main(): Promise<void> {
  mkdirSync(ARTIFACTS_FOLDER, { recursive: true });
  for (const [name, text] of await renderArtifacts(readContractSources())) {
    writeFileSync(join(ARTIFACTS_FOLDER, name), text);
    console.log(`${name}  ${text.length} characters`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
