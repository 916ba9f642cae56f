import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

/** These need the machine to themselves: a build, the memory of a busy server, time limits of a few seconds. They run last, one by one. */
const ALONE = [
  "remove-sandbox",
  "recipes",
  "container",
  "development-server",
  "app-overlapping-loads",
  "postgres-locks",
  "postgres-silence",
  "soak",
].map((name) => `tests/integration/${name}.test.ts`);

/** Integration tests start servers, nodes and databases. */
const INTEGRATION = {
  environment: "node",
  globalSetup: "tests/support/database/postgres-setup.ts",
  testTimeout: 60_000,
  hookTimeout: 60_000,
} as const;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\//, replacement: root },
      { find: /^server-only$/, replacement: `${root}tests/support/server-only.ts` },
    ],
  },
  // Tests need no styles, and Tailwind takes a second to start.
  css: { postcss: { plugins: [] } },
  test: {
    maxWorkers: 2,
    // A slow machine is no failure.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: { name: "unit", environment: "node", include: ["tests/unit/**/*.test.{ts,tsx}"] },
      },
      {
        extends: true,
        test: {
          name: "component",
          environment: "jsdom",
          include: ["tests/component/**/*.test.{ts,tsx}"],
          setupFiles: ["tests/support/component-setup.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "conformance",
          environment: "node",
          include: ["tests/conformance/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        // Clients and operators that are not ours, against a sandbox in a process of its own.
        test: {
          name: "foreign",
          environment: "node",
          include: ["tests/foreign/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          ...INTEGRATION,
          name: "integration",
          include: ["tests/integration/**/*.test.ts"],
          exclude: ALONE,
        },
      },
      {
        extends: true,
        test: {
          ...INTEGRATION,
          name: "alone",
          include: ALONE,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
