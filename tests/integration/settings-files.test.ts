import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it, vi, type TestContext } from "vitest";
import { written } from "@/scripts/env-file";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { appUrl, requireProductionBuild, startCommand } from "@/tests/support/app/app-process";
import { freePort } from "@/tests/support/local-server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** Milliseconds. */
const PATIENCE = { timeout: 30_000, interval: 100 };

/** The production build in a folder of its own, where files of settings harm nobody. */
function siteFolder({ onTestFinished }: TestContext): string {
  requireProductionBuild();
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  const isServed = (name: string) => ![".next/cache", ".next/dev", ".next/standalone"].includes(name);
  for (const name of [".next", "public", "package.json", "next.config.ts"])
    cpSync(name, join(path, name), { recursive: true, verbatimSymlinks: true, filter: isServed });
  mkdirSync(join(path, "scripts"));
  for (const name of ["next.mjs", "listening.mjs"]) cpSync(join("scripts", name), join(path, "scripts", name));
  symlinkSync(resolve("node_modules"), join(path, "node_modules"));
  return path;
}

function textOf(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${written(value) ?? ""}\n`)
    .join("");
}

describe.each([".env", ".env.local", ".env.production", ".env.production.local"])("npm start with %s alone", (file) => {
  it("runs with its settings, and none of its own", async (test) => {
    const folder = siteFolder(test);
    const url = appUrl(await freePort());
    const env = appEnvironment({ databaseUrl: `file:${folder}/sale.db`, sandboxPort: await freePort() });
    writeFileSync(join(folder, file), textOf({ ...env, APP_URL: url, SALE_PAUSED: "1" }));

    const site = startCommand(["node", "scripts/next.mjs", "start"], {}, folder);
    test.onTestFinished(() => site.endAll());
    await vi.waitFor(
      async () => expect((await fetch(`${url}/api/health?ready`)).status, site.logs()).toBe(200),
      PATIENCE,
    );

    // In place of a database by default, which the operator's commands would not reach.
    expect([existsSync(join(folder, "sale.db")), existsSync(join(folder, ".data/app.db"))]).toEqual([true, false]);
  });
});

describe("npm start with a variable in a file and in the environment", () => {
  it("goes by the environment", async (test) => {
    const folder = siteFolder(test);
    const [inFile, inEnvironment] = [appUrl(await freePort()), appUrl(await freePort())];
    const env = appEnvironment({ databaseUrl: `file:${folder}/sale.db`, sandboxPort: await freePort() });
    writeFileSync(join(folder, ".env"), textOf({ ...env, DATABASE_URL: "file:other.db", APP_URL: inFile }));

    const own = { DATABASE_URL: `file:${folder}/sale.db`, APP_URL: inEnvironment };
    const site = startCommand(["node", "scripts/next.mjs", "start"], own, folder);
    test.onTestFinished(() => site.endAll());
    const answered = async () =>
      expect((await fetch(`${inEnvironment}/api/health?ready`)).status, site.logs()).toBe(200);
    await vi.waitFor(answered, PATIENCE);

    expect([existsSync(join(folder, "sale.db")), existsSync(join(folder, "other.db"))]).toEqual([true, false]);
  });
});

describe("npm start with NODE_ENV=development in a file", () => {
  it("is a live site all the same, and does not start without its settings", async (test) => {
    const folder = siteFolder(test);
    const port = String(await freePort());
    writeFileSync(
      join(folder, ".env"),
      textOf({ NODE_ENV: "development", APP_URL: "https://sale.example", PORT: port }),
    );

    const site = startCommand(["node", "scripts/next.mjs", "start"], {}, folder);
    test.onTestFinished(() => site.endAll());
    await vi.waitFor(() => expect(site.hasEnded(), site.logs()).toBe(true), PATIENCE);
    expect(site.logs()).toContain("SONAR_CLIENT_UUID is missing");
  });
});
