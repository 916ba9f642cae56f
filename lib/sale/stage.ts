import { passed, refused, type Checked } from "@/lib/sale/problem";

/** The stages of a sale contract of version 2, in order; their place is their number on the chain. */
export const SALE_STAGES = ["pre-open", "commitment", "cancellation", "settlement", "done"] as const;

/** One stage of the sale. */
export type SaleStage = (typeof SALE_STAGES)[number];

/** The one major version whose stage numbers are known. */
const SUPPORTED_MAJOR = 2;

/**
 * The stage behind the number that `stage()` gives. The numbers changed their meaning between versions: 2 was "closed" and is
 * "cancellation" now, so a contract of another major version is refused and not guessed at (sonar.md 4.1).
 */
export function readStage(
  version: readonly [major: number, minor: number, patch: number],
  stage: number,
): Checked<SaleStage, "unsupported-version" | "unknown-stage"> {
  if (version[0] !== SUPPORTED_MAJOR) {
    const found = `The sale contract is version ${version.join(".")}`;
    return refused("unsupported-version", `${found}; this site works with version ${SUPPORTED_MAJOR} only.`);
  }
  const name = SALE_STAGES[stage];
  if (name === undefined)
    return refused("unknown-stage", `The sale contract is in stage ${stage}, which this site does not know.`);
  return passed(name);
}
