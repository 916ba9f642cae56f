import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { linkPackages, runIn } from "@/scripts/project-copy";
import { appUrl, startServerProcess, untilReady, type AppProcess } from "@/tests/support/app/app-process";
import { freePort } from "@/tests/support/local-server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const SOURCE = "tests/support/bench/floor";

/** What the pages of the floor's app need of this project. */
const SHARED = ["lib", "package.json", "tsconfig.json", "postcss.config.mjs"];

const NEXT = "node_modules/next/dist/bin/next";

/** The least that a Next app of this version costs: an empty page, one that reads the session, and an action that only fetches. */
export interface FloorApp {
  folder: string;
  start(env: Readonly<Record<string, string>>): Promise<AppProcess>;
  remove(): void;
}

/** Builds it. */
export async function buildFloorApp(): Promise<FloorApp> {
  const { path, remove } = temporaryFolder();
  const folder = join(path, "floor");
  mkdirSync(folder);
  for (const name of SHARED) cpSync(name, join(folder, name), { recursive: true });
  cpSync(SOURCE, folder, { recursive: true });
  linkPackages(folder);
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
  await runIn(folder, [process.execPath, NEXT, "build"], env);
  return {
    folder,
    remove,
    async start(own) {
      const port = await freePort();
      const surroundings = { NEXT_TELEMETRY_DISABLED: "1", __NEXT_PROCESSED_ENV: "1" };
      const args = [NEXT, "start", "-p", String(port)];
      const server = startServerProcess({ args, env: { ...surroundings, ...own }, cwd: folder });
      await untilReady(server, `${appUrl(port)}/`);
      return { ...server, url: appUrl(port) };
    },
  };
}
