import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { atRestContract } from "@/tests/support/database/at-rest-contract";
import { leaseContract, tokenStoreContract } from "@/tests/support/database/token-store-contract";
import {
  consentStoreContract,
  pkceStoreContract,
  rateContract,
  sessionStoreContract,
} from "@/tests/support/database/store-contracts";
import {
  BENCH_TIME,
  emptyTables,
  openStoreBench,
  storageEngines,
  type StoreBench,
} from "@/tests/support/database/store-bench";

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
  consentStoreContract(bench);
});
