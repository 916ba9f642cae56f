import { findBrowser } from "@/scripts/find-browser";
import { requireProductionBuild } from "@/tests/support/app/app-process";

/** Playwright's global set-up: checks once for a production build and a browser, and passes the browser's path to the workers. */
export default function setup(): void {
  requireProductionBuild();
  process.env.CHROMIUM_PATH = findBrowser();
}
