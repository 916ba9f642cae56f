import {
  concat,
  hexToBigInt,
  hexToNumber,
  keccak256,
  numberToHex,
  parseGwei,
  type Address,
  type EIP1193Parameters,
  type EIP1193RequestFn,
  type EIP1474Methods,
  type Hex,
  type RpcTransactionRequest,
  type TypedDataDefinition,
} from "viem";
import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { SANDBOX_DEMO_STORAGE } from "@/lib/config/sandbox";
import { isHex, sameHex } from "@/lib/sale/hex";
import type { SaleChain } from "@/lib/sale/state";

/** A request to a wallet or a node. */
export type WalletRequest = EIP1193Parameters<EIP1474Methods>;

/** The wallet of a public demo's visitor: test accounts whose keys only this browser has. */
export interface DemoWallet {
  addresses: readonly Address[];
  /** Signs, and passes everything that needs no signature on to the node. */
  request(request: WalletRequest): Promise<unknown>;
}

/** Thrown when the demo gives this browser's accounts nothing, with the demo's own sentence. */
export class FaucetError extends Error {
  override readonly name = "FaucetError";
}

/** Enough to try several personas: a wallet stays with the first entity that commits with it. */
const ACCOUNTS = 3;

/** The secret of all accounts. Where storage is blocked, the accounts live as long as the page. */
function ownSeed(): Hex {
  const fresh = generatePrivateKey();
  try {
    const stored = localStorage.getItem(SANDBOX_DEMO_STORAGE.wallet) ?? "";
    if (isHex(stored, 64)) return `0x${stored.slice(2)}`;
    localStorage.setItem(SANDBOX_DEMO_STORAGE.wallet, fresh);
  } catch {
    return fresh;
  }
  return fresh;
}

function accountsOf(seed: Hex): PrivateKeyAccount[] {
  return Array.from({ length: ACCOUNTS }, (_, index) =>
    privateKeyToAccount(keccak256(concat([seed, numberToHex(index, { size: 1 })]))),
  );
}

async function fund(faucetUrl: string, wallets: readonly Address[]): Promise<void> {
  const answer = await fetch(faucetUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ wallets }),
  });
  if (!answer.ok) throw new FaucetError((await answer.text()).trim());
}

const TIP = parseGwei("1");

async function sign(
  { chainId }: Pick<SaleChain, "chainId">,
  node: EIP1193RequestFn<EIP1474Methods>,
  account: PrivateKeyAccount,
  { to, data, gas }: RpcTransactionRequest,
): Promise<Hex> {
  const nonce = await node({ method: "eth_getTransactionCount", params: [account.address, "pending"] });
  const price = await node({ method: "eth_gasPrice" });
  return account.signTransaction({
    type: "eip1559",
    chainId,
    nonce: hexToNumber(nonce),
    to,
    data,
    gas: gas && hexToBigInt(gas),
    // More than any block asks for: test coin is worth nothing.
    maxFeePerGas: hexToBigInt(price) * 2n + TIP,
    maxPriorityFeePerGas: TIP,
  });
}

/** Opens this browser's wallet, which is new at the first visit, and has it funded. `node` asks the sale's node. */
export async function openDemoWallet(
  chain: Pick<SaleChain, "chainId">,
  faucetUrl: string,
  node: EIP1193RequestFn<EIP1474Methods>,
): Promise<DemoWallet> {
  const accounts = accountsOf(ownSeed());
  const addresses = accounts.map(({ address }) => address);
  await fund(faucetUrl, addresses);
  const accountAt = (address: Address | undefined) => {
    const account = accounts.find((one) => sameHex(one.address, address));
    if (!account) throw new Error("The wallet has no such account.");
    return account;
  };
  return {
    addresses,
    async request(request) {
      switch (request.method) {
        case "eth_sendTransaction": {
          const [transaction] = request.params;
          const raw = await sign(chain, node, accountAt(transaction.from), transaction);
          return node({ method: "eth_sendRawTransaction", params: [raw] });
        }
        case "eth_signTypedData_v4": {
          const [address, json] = request.params;
          const typedData: TypedDataDefinition = JSON.parse(json);
          return accountAt(address).signTypedData(typedData);
        }
        default:
          return node(request);
      }
    },
  };
}
