import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { copyProject, runIn } from "@/scripts/project-copy";
import { startApp, startCommand } from "@/tests/support/app/app-process";
import type { BenchSite } from "@/tests/support/bench/bench-site";
import type { Figure } from "@/tests/support/bench/figures";
import { freePort, freePorts } from "@/tests/support/local-server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

async function answers(url: string): Promise<boolean> {
  const limit = AbortSignal.timeout(60_000);
  return fetch(url, { signal: limit }).then(
    async (answer) => (await answer.text()).includes("Sign in"),
    () => false,
  );
}

/** Milliseconds until `npm run dev` has shown the first page of a project that was never started. */
async function firstPageInDevelopment(folder: string): Promise<number> {
  for (const made of [".next", ".data"]) rmSync(join(folder, made), { recursive: true, force: true });
  const [port, sandboxPort] = [await freePort(), await freePorts(5)];
  const url = `http://localhost:${port}`;
  const started = performance.now();
  const command = startCommand(["npm", "run", "dev"], { APP_URL: url, SANDBOX_PORT: String(sandboxPort) }, folder);
  try {
    while (!(await answers(url))) {
      if (command.hasEnded()) throw new Error(command.logs());
      await sleep(20);
    }
    return performance.now() - started;
  } finally {
    command.kill("SIGTERM");
    await command.ended;
    command.endAll();
  }
}

async function build(folder: string): Promise<number> {
  rmSync(join(folder, ".next"), { recursive: true, force: true });
  const { PATH = "", HOME = "" } = process.env;
  const started = performance.now();
  await runIn(folder, ["npm", "run", "build"], { PATH, HOME });
  return performance.now() - started;
}

/** Milliseconds until a production server has answered its health check, and until it has shown the first page. */
async function productionStart({ env }: BenchSite): Promise<{ health: number; page: number }> {
  const started = performance.now();
  const app = await startApp({ env });
  const health = performance.now() - started;
  await (await fetch(app.url)).text();
  const page = performance.now() - started;
  await app.stop();
  return { health, page };
}

/** How long a developer and a roll-out wait. */
export async function measureStarts(site: BenchSite, times: number): Promise<Figure[]> {
  const { path, remove } = temporaryFolder();
  const folder = join(path, "project");
  copyProject(folder);
  try {
    const [dev, builds, health, page]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (let time = 0; time < times; time += 1) {
      dev.push((await firstPageInDevelopment(folder)) / 1_000);
      builds.push((await build(folder)) / 1_000);
      const start = await productionStart(site);
      health.push(start.health / 1_000);
      page.push(start.page / 1_000);
    }
    return [
      { what: "npm run dev to the first page", unit: "s", values: dev },
      { what: "npm run build", unit: "s", values: builds },
      { what: "production server to its health check", unit: "s", values: health },
      { what: "production server to the first page", unit: "s", values: page },
    ];
  } finally {
    remove();
  }
}
