import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { EngineBench } from "@/tests/support/engine-bench";
import type { StorageEngine } from "@/tests/support/store-bench";

/** Opens one bench for the tests of a describe block; every test finds it as new. */
export function useEngineBench(storage: StorageEngine): () => EngineBench {
  let opened: Awaited<ReturnType<typeof EngineBench.open>> | undefined;
  const bench = () => {
    if (!opened) throw new Error("The bench is not open");
    return opened.bench;
  };
  beforeAll(async () => {
    opened = await EngineBench.open(storage);
  });
  beforeEach(() => bench().reset());
  afterEach(() => bench().settled());
  afterAll(() => opened?.close());
  return bench;
}
