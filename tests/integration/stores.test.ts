import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { atRestContract } from "@/tests/support/at-rest-contract";
import { leaseContract } from "@/tests/support/lease-contract";
import { pkceStoreContract } from "@/tests/support/pkce-store-contract";
import { rateContract } from "@/tests/support/rate-contract";
import { sessionStoreContract } from "@/tests/support/session-store-contract";
import { BENCH_TIME, emptyTables, openStoreBench, storageEngines, type StoreBench } from "@/tests/support/store-bench";
import { tokenStoreContract } from "@/tests/support/token-store-contract";

describe.each(storageEngines)("on $name", (engine) => {
  let opened: StoreBench | undefined;

  function bench(): StoreBench {
    if (!opened) throw new Error("The stores are not open");
    return opened;
  }

  beforeAll(async () => {
    opened = await openStoreBench(engine);
  });

  beforeEach(async () => {
    bench().clock.now = BENCH_TIME;
    await emptyTables(bench().one.database);
  });

  afterAll(() => opened?.close());

  sessionStoreContract(bench);
  pkceStoreContract(bench);
  tokenStoreContract(bench);
  leaseContract(bench);
  atRestContract(bench);
  rateContract(bench);
});
