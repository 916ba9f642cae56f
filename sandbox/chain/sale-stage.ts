/** The sale's stages. The index is the number that version 2 of the contract has for it (sonar.md 4.1). */
export const STAGE_NAMES = ["PreOpen", "Commitment", "Cancellation", "Settlement", "Done"] as const;

/** A stage of the sale, by name. */
export type SaleStage = (typeof STAGE_NAMES)[number];
