import { defineConfig, devices } from "@playwright/test";

/**
 * Chromium's arguments: no background traffic, able to run as root, and unable to resolve any host but this machine, which
 * proves that no page needs an outside one.
 */
const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results/e2e",
  globalSetup: "./tests/support/browser/e2e-setup.ts",
  fullyParallel: true,
  // Every worker runs a browser, an app and a sandbox of its own.
  workers: 2,
  // `npm test` runs a failed test once more at the end, alone, and lists it as flaky.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  // A slow machine is no failure: what is awaited may come late.
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/playwright.json" }]],
  use: {
    ...devices["Desktop Chrome"],
    launchOptions: {
      args: CHROMIUM_ARGS,
      // Set by the global set-up, before any worker reads this file.
      executablePath: process.env.CHROMIUM_PATH,
    },
    screenshot: "only-on-failure",
  },
});
