import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ownSamples } from "@/lib/config/own-settings";
import { copyProject, runIn } from "@/scripts/project-copy";
import { appEnvironment, NOBODY } from "@/tests/support/app/app-environment";
import { freePort } from "@/tests/support/local-server";
import { startServerProcess, untilReady, type ServerProcess } from "@/tests/support/app/app-process";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const BUILD_TIMEOUT_MS = 10 * 60_000;

describe("a project after `npm run remove-sandbox`", () => {
  const folder = temporaryFolder();
  const copy = join(folder.path, "app");
  const read = (file: string) => fs.readFileSync(join(copy, file), "utf8");

  function run(program: string, ...args: readonly string[]): Promise<string> {
    const { PATH = "", HOME = "" } = process.env;
    return runIn(copy, ["npx", "--no-install", program, ...args], { PATH, HOME, NEXT_TELEMETRY_DISABLED: "1" });
  }

  async function start(more: Record<string, string>): Promise<ServerProcess & { url: string }> {
    const port = await freePort();
    const env = {
      ...ownSamples,
      ...appEnvironment({ databaseUrl: `file:${folder.path}/app.db`, sandboxPort: port + 1 }),
      ...more,
    };
    const args = [join(copy, "node_modules/next/dist/bin/next"), "start", "--port", String(port)];
    const app = startServerProcess({ args, env, cwd: copy });
    onTestFinished(() => app.stop());
    return { ...app, url: `http://localhost:${port}` };
  }

  beforeAll(async () => {
    copyProject(copy);
    await run("tsx", "scripts/remove.ts", "sandbox");
    await run("next", "build");
    // The build checks the product's types only.
    await run("tsc", "--noEmit");
  }, BUILD_TIMEOUT_MS);
  afterAll(() => folder.remove());

  it("has no files, scripts and packages of the sandbox", () => {
    const files = fs.readdirSync(copy, { recursive: true, encoding: "utf8" });
    // In lib/ stay its public constants, the file that would start it, and the test wallet.
    const others = files.filter((path) => !/^(node_modules|\.next|lib)\b/.test(path));
    expect(others.filter((path) => path.includes("sandbox"))).toEqual([]);
    expect(read("package.json")).not.toMatch(/sandbox|anvil|openzeppelin|solc|test:e2e|test:conformance/);
    expect(read("package.json")).toContain('"test:unit"');
  });

  it("has no unused code", async () => {
    await run("knip");
  });

  it("runs with credentials", async () => {
    const credentials = { SANDBOX: "0", SONAR_CLIENT_UUID: crypto.randomUUID(), SONAR_SALE_UUID: crypto.randomUUID() };
    const app = await start({
      ...credentials,
      SONAR_API_URL: NOBODY,
      SONAR_FRONTEND_URL: NOBODY,
      APP_URL: "http://localhost:3000",
    });
    await untilReady(app, `${app.url}/api/health`);
    expect((await fetch(app.url)).status).toBe(200);
  });

  it("says which variables to set where the sandbox is asked for, and ends", async () => {
    const app = await start({ SANDBOX: "1" });
    expect(await app.exitCode).toBe(1);
    expect(app.logs()).toContain("This build has no sandbox: set SONAR_CLIENT_UUID and SONAR_SALE_UUID");
  });
});
