import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "@playwright/test";

/** The shell first: the same engine without a browser's own windows, which takes a third less of the machine's time. */
const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Debian's packages, the best first; older releases do not have all. */
const PACKAGES = ["chromium-headless-shell", "chromium"];

const USUAL_FILES = [
  "/usr/lib/chromium/chromium",
  "/snap/bin/chromium",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const ADVICE = `No Chromium was found for the browser tests. Any one of these helps:
  - install Chromium or Google Chrome (Debian, Ubuntu: apt-get install chromium)
  - npx playwright install --with-deps chromium
  - set CHROMIUM_PATH to the program's file`;

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function configured(): string | undefined {
  const file = process.env.CHROMIUM_PATH;
  // A wrong path is an error: falling back would hide which browser the tests ran in.
  if (file && !isProgram(file)) throw new Error(`CHROMIUM_PATH is ${file}, which is not a program.`);
  return file || undefined;
}

function installed(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...USUAL_FILES, chromium.executablePath()].find(isProgram);
}

/** Not on Ubuntu: its package of that name is only a pointer to a snap. */
function canUseApt(): boolean {
  const release = "/etc/os-release";
  return process.getuid?.() === 0 && existsSync(release) && /^ID=debian$/m.test(readFileSync(release, "utf8"));
}

function installWithApt(): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]) => execFileSync("apt-get", args, { env, stdio: ["ignore", 2, 2] });
  apt("update");
  for (const name of PACKAGES) {
    try {
      apt("install", "-y", "--no-install-recommends", name);
      return;
    } catch {
      // apt has printed its error.
    }
  }
}

/**
 * The file of a Chromium: CHROMIUM_PATH, else one that is installed, else Playwright's own, else installed here by apt when
 * that is possible (Debian, as root). Throws with advice when there is none.
 */
export function findBrowser(): string {
  const found = configured() ?? installed();
  if (found) return found;
  if (!canUseApt()) throw new Error(ADVICE);
  installWithApt();
  const file = installed();
  if (!file) throw new Error(ADVICE);
  return file;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log(findBrowser());
