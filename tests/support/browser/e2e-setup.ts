import { findBrowser } from "@/scripts/find-browser";
import { requireProductionBuild } from "@/tests/support/app/app-process";

/** Playwright's global set-up: makes sure, once, that there is something to test and a browser, and tells the workers which. */
export default function setup(): void {
  requireProductionBuild();
  process.env.CHROMIUM_PATH = findBrowser();
}
