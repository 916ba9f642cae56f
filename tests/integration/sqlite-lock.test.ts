import { join } from "node:path";
import Libsql from "libsql";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { retryOnContention } from "@/lib/stores/database";
import { temporaryFolder } from "@/tests/support/temporary-folder";

let folder: ReturnType<typeof temporaryFolder>;
let holder: InstanceType<typeof Libsql>;
let waiting: InstanceType<typeof Libsql>;

beforeEach(() => {
  folder = temporaryFolder();
  const file = join(folder.path, "app.db");
  holder = new Libsql(file);
  waiting = new Libsql(file);
  holder.exec("BEGIN EXCLUSIVE");
});
afterEach(() => {
  waiting.close();
  holder.close();
  folder.remove();
});

it("work that fails on another's lock is done once the lock is gone", async () => {
  const pause = vi.fn(() => holder.exec("COMMIT"));
  await retryOnContention(() => waiting.exec("CREATE TABLE t (x)"), pause);
  expect(pause).toHaveBeenCalledTimes(1);
});

it("a lock that stays is an error after a while", async () => {
  const pause = vi.fn();
  await expect(retryOnContention(() => waiting.exec("CREATE TABLE t (x)"), pause)).rejects.toThrow("locked");
  expect(pause).toHaveBeenCalledTimes(19);
});

it("any other error is thrown at once", async () => {
  const pause = vi.fn();
  await expect(retryOnContention(() => waiting.exec("NONSENSE"), pause)).rejects.toThrow("syntax error");
  expect(pause).not.toHaveBeenCalled();
});
