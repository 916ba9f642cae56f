import {
  ChainDisconnectedError,
  UnsupportedProviderMethodError,
  custom,
  http,
  numberToHex,
  type Address,
  type EIP1193Provider,
} from "viem";
import { saleNetwork } from "@/lib/wallet/sale-network";
import type { SaleChain } from "@/lib/sale/state";

/** The node's accounts that are not buyers: the sale's operator and the signer of permits. */
const NOT_BUYERS: readonly number[] = [0, 5];

interface WalletRequest {
  method: string;
  params?: readonly [{ chainId: `0x${string}` }];
}

/**
 * The sandbox's wallet (EIP-1193). It has no keys: the sandbox's node signs for its own unlocked accounts and allows everything without
 * asking. It emits no events, since it only changes when this page asks it to.
 */
export function sandboxProvider(chain: SaleChain): EIP1193Provider {
  // No retries: a transaction may have been sent even if its answer was lost.
  const node = http(chain.rpcUrls[0], { retryCount: 0 })({ chain: saleNetwork(chain) });
  let chainId: `0x${string}` = numberToHex(chain.chainId);

  async function accounts(): Promise<Address[]> {
    const all: Address[] = await node.request({ method: "eth_accounts" });
    return all.filter((_, index) => !NOT_BUYERS.includes(index));
  }

  function forward(request: WalletRequest): Promise<unknown> {
    if (request.method.startsWith("wallet_")) throw new UnsupportedProviderMethodError(new Error(request.method));
    if (chainId !== numberToHex(chain.chainId)) throw new ChainDisconnectedError(new Error(`No node for ${chainId}`));
    return node.request(request);
  }

  async function answer(request: WalletRequest): Promise<unknown> {
    switch (request.method) {
      case "eth_chainId":
        return chainId;
      case "eth_accounts":
      case "eth_requestAccounts":
        return accounts();
      case "wallet_switchEthereumChain":
        chainId = request.params?.[0].chainId ?? chainId;
        return null;
      default:
        return forward(request);
    }
  }

  const { request } = custom({ request: answer }, { retryCount: 0 })({});
  return { request, on: () => undefined, removeListener: () => undefined };
}
