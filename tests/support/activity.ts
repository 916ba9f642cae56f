import { numberToHex, type Hex } from "viem";
import { readActivity, type Activity } from "@/lib/chain/read-activity";
import type { ChainSettings } from "@/lib/config/chain";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { deadlineIn } from "@/lib/http/deadline";
import type { Result } from "@/lib/result";
import type { ChainControl } from "@/sandbox/chain/control";
import { settle, shareOf } from "@/sandbox/chain/sale-control";
import { ALICE, ANNA, BOB, OTHER_ENTITY } from "@/tests/conformance/support/people";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

/** How the activity is read: from which nodes, and within which time (milliseconds). */
export interface ActivityRead extends Partial<ChainSettings> {
  rpcUrls: readonly string[];
  atBlock?: number;
  ms?: number;
}

function settings({ rpcUrls, ...more }: Omit<ActivityRead, "atBlock" | "ms">): ChainSettings {
  const nativeCurrency = { name: "Ether", symbol: "ETH", decimals: 18 };
  const names = { chainId: SANDBOX_DEFAULT_CHAIN_ID, chainName: "Sandbox chain", nativeCurrency };
  const facts = { ...names, contract: SANDBOX_SALE, rpcUrls: [], sandboxWallet: true };
  return { facts, rpcUrls: [...rpcUrls], ...more };
}

/** The activity of these entities in the sandbox's sale. Throws the code of a failure. */
export async function readActivityOf(
  entityIDs: readonly Hex[],
  { atBlock, ms = 9_999, ...nodes }: ActivityRead,
): Promise<Activity> {
  const query = { entityIDs, saleUUID: SANDBOX_SALE_UUID, ...(atBlock !== undefined && { atBlock }) };
  const result: Result<Activity> = await readActivity(settings(nodes), query, deadlineIn(ms));
  if (!result.ok) throw new Error(result.error.code);
  return result.data;
}

/** Each entry in a few words, the newest first. */
export function told({ entries }: Activity): string[] {
  return entries.map(({ kind, wallet, amount, token }) => {
    const name = { [ALICE.address]: "Alice", [ANNA.address]: "Anna", [BOB.address]: "Bob" }[wallet] ?? wallet;
    return `${kind} ${name} ${amount} ${token?.symbol}`;
  });
}

/** Makes empty blocks. */
export async function mine(bench: SaleBench, blocks: number): Promise<void> {
  await bench.node.request({ method: "anvil_mine", params: [numberToHex(blocks)] } as never);
}

/** The commitments of two entities: Alice's and Anna's, with an addition, and Bob's. */
export async function commit(bench: SaleBench): Promise<void> {
  await bench.accepted(bench.bid({ amount: 100_000_000n }));
  await bench.accepted(bench.bid({ amount: 130_000_000n, price: 2 }));
  await bench.accepted(bench.bid({ by: ANNA.address, token: bench.second, amount: 150_000_000n, price: 2 }));
  await bench.accepted(bench.bid({ amount: 150_000_000n, price: 3, lockup: true }));
  await bench.accepted(bench.bid({ by: BOB.address, entity: OTHER_ENTITY, amount: 70_000_000n }));
}

/** Everything that can happen to the commitments. */
export async function untilRefunded(bench: SaleBench, control: ChainControl): Promise<void> {
  await control.sale.forceReduceCommitment([{ wallet: ALICE.address, token: bench.first, amount: 10_000_000n }]);
  await control.sale.setStage("Cancellation");
  await control.sale.setReduceCommitmentEnabled(true);
  const back = [{ wallet: ANNA.address, token: bench.second, amount: 5_000_000n }];
  await bench.accepted(bench.call(ALICE.address, { functionName: "reduceCommitment", args: [back] }));
  await settle(control.sale, shareOf(await control.reader.entityStates(), 50));
  await control.sale.setClaimRefundEnabled(true);
  await bench.accepted(bench.call(ALICE.address, { functionName: "claimRefund" }));
}
