import type { Hex } from "viem";
import { readActivity, type Activity } from "@/lib/chain/read-activity";
import type { ChainSettings } from "@/lib/config/chain";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { deadlineIn } from "@/lib/http/deadline";
import type { Result } from "@/lib/result";

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
