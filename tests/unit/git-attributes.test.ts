import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "@/tests/support/temporary-folder";

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => folder.remove());

/** Git without the settings of the developer's machine. */
function git(...args: readonly string[]): string {
  const none = join(folder.path, "no-settings");
  const env = { ...process.env, GIT_CONFIG_GLOBAL: none, GIT_CONFIG_SYSTEM: none };
  const identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
  return execFileSync("git", [...identity, ...args], { encoding: "utf8", env, stdio: "pipe" });
}

const TEXTS = [
  "a.ts",
  "a.tsx",
  "a.mjs",
  "a.json",
  "a.html",
  "a.css",
  "a.yaml",
  "a.sol",
  ".env.example",
  "Dockerfile",
  "run",
];

/** As every PNG begins: the bytes are there to show a conversion. */
const PICTURE = Buffer.from("89504e470d0a1a0a0000000d0a0d", "hex");

it("a checkout with core.autocrlf=true has the lines that the format check expects, and leaves pictures alone", () => {
  const [source, checkout] = [join(folder.path, "source"), join(folder.path, "checkout")];
  mkdirSync(source);
  copyFileSync(".gitattributes", join(source, ".gitattributes"));
  for (const name of TEXTS) writeFileSync(join(source, name), "one\ntwo\n");
  writeFileSync(join(source, "exec.cmd"), "one\r\ntwo\r\n");
  writeFileSync(join(source, "a.png"), PICTURE);
  git("init", "--quiet", source);
  git("-C", source, "add", "--all");
  git("-C", source, "commit", "--quiet", "--message=a");

  git("clone", "--quiet", "--config=core.autocrlf=true", source, checkout);

  for (const name of TEXTS) expect([name, readFileSync(join(checkout, name), "utf8")]).toEqual([name, "one\ntwo\n"]);
  expect(readFileSync(join(checkout, "exec.cmd"), "utf8")).toBe("one\r\ntwo\r\n");
  expect(readFileSync(join(checkout, "a.png"))).toEqual(PICTURE);
  expect(git("-C", checkout, "status", "--porcelain")).toBe("");
});
