import { defineConfig, devices } from "@playwright/test";
import { CHROMIUM_ARGS } from "@/tests/support/chromium-args";

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results/e2e",
  globalSetup: "./tests/support/e2e-setup.ts",
  fullyParallel: true,
  // Every worker runs a browser, an app and a sandbox of its own.
  workers: 2,
  // A test that passes at the second try is broken.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  // A slow machine is no failure: what is awaited may come late.
  expect: { timeout: 15_000 },
  reporter: [["list"], ["json", { outputFile: "test-results/playwright.json" }]],
  use: {
    ...devices["Desktop Chrome"],
    launchOptions: {
      args: [...CHROMIUM_ARGS],
      // Set by the global set-up, before any worker reads this file.
      executablePath: process.env.CHROMIUM_PATH,
    },
    screenshot: "only-on-failure",
  },
});
