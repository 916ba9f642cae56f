import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { developmentSecrets } from "@/lib/config/development-secrets";
import { temporaryFolder } from "@/tests/support/temporary-folder";

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => folder.remove());

function place(): string {
  return relative(process.cwd(), join(folder.path, "data"));
}

it("are made once and found again after a restart", () => {
  const secrets = developmentSecrets(place());
  expect(developmentSecrets(place())).toEqual(secrets);
  expect(secrets.sessionSecret.length).toBeGreaterThanOrEqual(32);
  expect(Buffer.from(secrets.tokenEncryptionKey, "base64")).toHaveLength(32);
});

it("are different on every machine", () => {
  const other = temporaryFolder();
  expect(developmentSecrets(relative(process.cwd(), other.path))).not.toEqual(developmentSecrets(place()));
  other.remove();
});

it("can be read by their owner only", () => {
  developmentSecrets(place());
  expect(statSync(join(place(), "secrets.json")).mode & 0o777).toBe(0o600);
  expect(statSync(place()).mode & 0o777).toBe(0o700);
});

it("of another process that was faster are kept", () => {
  const winner = developmentSecrets(place());
  const text = readFileSync(join(place(), "secrets.json"), "utf8");
  expect(JSON.parse(text)).toEqual(winner);
  developmentSecrets(place());
  expect(readFileSync(join(place(), "secrets.json"), "utf8")).toBe(text);
});
