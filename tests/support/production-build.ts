import { existsSync } from "node:fs";

/** Throws, with advice, when there is no production build to test. */
export function requireProductionBuild(): void {
  if (!existsSync(".next/BUILD_ID")) throw new Error("There is no production build: run `npm run build` first.");
}
