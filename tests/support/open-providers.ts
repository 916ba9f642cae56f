import { afterAll, beforeAll, beforeEach } from "vitest";
import { startTestProviders, type TestProviders } from "@/tests/support/test-providers";
import { VISITOR_APP } from "@/tests/support/provider-visitor";

/** Providers for the tests of a file, as just started before each, and the clock that they go by (milliseconds). */
export function openProviders() {
  const clock = { now: Date.now() };
  let providers: TestProviders | undefined;
  beforeAll(async () => {
    providers = await startTestProviders(() => clock.now);
    await providers.register(VISITOR_APP);
  });
  beforeEach(async () => {
    clock.now = Date.now();
    await providers?.reset();
  });
  afterAll(() => providers?.close());
  return {
    clock,
    get all(): TestProviders {
      if (!providers) throw new Error("The providers are not started yet");
      return providers;
    },
  };
}
