import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { ProviderBench } from "@/tests/support/provider-bench";

/** Opens one bench for the tests of a file; every test finds it as new. */
export function openProviderBench(): () => ProviderBench {
  let opened: Awaited<ReturnType<typeof ProviderBench.open>> | undefined;
  const bench = () => {
    if (!opened) throw new Error("The bench is not open");
    return opened.bench;
  };
  beforeAll(async () => {
    opened = await ProviderBench.open();
  });
  beforeEach(() => bench().reset());
  afterEach(() => bench().settled());
  afterAll(() => opened?.close());
  return bench;
}
