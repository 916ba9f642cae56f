import type { Address } from "viem";
import { parseJson } from "@/lib/http/parse-json";
import { APPROVAL_KEY } from "@/lib/purchase/pending";
import { walletConfig } from "@/lib/wallet/connect/wallet-config";
import type { SigningMemory } from "@/lib/wallet/transactions/transaction-context";

/** The wallets of this page that cannot sign, for browsers that block storage. */
const unable = new Set<string>();

function storedUnable(): unknown[] {
  try {
    const stored = parseJson(sessionStorage.getItem(APPROVAL_KEY) ?? "[]");
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}

/** The tab's memory of one account in the connected wallet: the same account can be on a device here, and a key elsewhere. */
export function signingMemory(account: Address): SigningMemory {
  const { connections, current } = walletConfig().state;
  const wallet = connections.get(current ?? "")?.connector.id ?? "";
  const keyOf = (token: Address) => [wallet, account, token].join(":").toLowerCase();
  return {
    cannotSign: (token) => unable.has(keyOf(token)) || storedUnable().includes(keyOf(token)),
    remember(token) {
      unable.add(keyOf(token));
      try {
        sessionStorage.setItem(APPROVAL_KEY, JSON.stringify([...storedUnable(), keyOf(token)]));
      } catch {
        // Blocked or full: the wallet is asked again after a reload.
      }
    },
  };
}
