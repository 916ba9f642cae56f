import {
  encodeFunctionData,
  erc20Abi,
  keccak256,
  maxUint256,
  numberToHex,
  toHex,
  zeroHash,
  getAddress,
  type Address,
  type Hex,
} from "viem";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { nodeClient, send, type NodeClient } from "@/sandbox/chain/node-client";
import { saleControl } from "@/sandbox/chain/sale-control";
import { permitSigner } from "@/sandbox/echo/permits/sign-permit";
import { ALICE, ANNA, BOB, STRANGER } from "@/tests/conformance/support/people";
import { SaleBench } from "@/tests/conformance/support/sale-bench";
import { hasPermit } from "@/tests/conformance/support/bid-call";
import { startChain } from "@/sandbox/chain/start";

const OPERATOR_ROLES = ["SALE_MANAGER_ROLE", "SETTLER_ROLE", "SETTLEMENT_FINALIZER_ROLE", "REFUNDER_ROLE"];

/** The balance of each wallet in each payment token, in smallest units. */
const FUNDS = 1_000_000_000_000n;

/**
 * Prepares a deployed sale for the rules: it is in the commitment stage, its administrator operates it, the sandbox's signer signs
 * permits, the wallets have funds and allowances. The node must be a development node or a fork. The caller takes a snapshot before
 * and reverts to it.
 */
export async function openSale(rpcUrl: string, sale: Address): Promise<SaleBench> {
  const node = nodeClient(rpcUrl);
  await node.request({ method: "anvil_autoImpersonateAccount", params: [true] });
  const contract = { address: sale, abi: sandboxSaleAbi } as const;
  const [operator, saleUUID, tokens] = await Promise.all([
    node.readContract({ ...contract, functionName: "getRoleMember", args: [zeroHash, 0n] }),
    node.readContract({ ...contract, functionName: "saleUUID" }),
    node.readContract({ ...contract, functionName: "paymentTokens" }),
  ]);
  await pay(node, operator);
  for (const role of OPERATOR_ROLES) await grant(node, sale, operator, role, operator);
  await grant(node, sale, operator, "PURCHASE_PERMIT_SIGNER_ROLE", permitSigner().address);

  const control = saleControl(node, sale, operator);
  await control.setStage("Commitment");
  await control.setPaused(false);
  for (const { address } of [ALICE, ANNA, BOB, STRANGER]) await fund(node, address, tokens, sale);
  return new SaleBench({ node, sale, saleUUID, control, tokens: await sortTokens(node, tokens) });
}

async function grant(node: NodeClient, sale: Address, admin: Address, role: string, account: Address): Promise<void> {
  const args: [Hex, Address] = [keccak256(toHex(role)), account];
  const data = encodeFunctionData({ abi: sandboxSaleAbi, functionName: "grantRole", args });
  await send(node, { from: admin, to: sale, data });
}

async function pay(node: NodeClient, account: Address): Promise<void> {
  await node.request({ method: "anvil_setBalance", params: [account, numberToHex(10n ** 20n)] });
}

async function fund(node: NodeClient, wallet: Address, tokens: readonly Address[], sale: Address): Promise<void> {
  await pay(node, wallet);
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [sale, maxUint256] });
  for (const token of tokens) {
    await node.request({ method: "anvil_dealERC20", params: [wallet, token, numberToHex(FUNDS)] });
    await send(node, { from: wallet, to: token, data });
  }
}

/** The first has EIP-2612; the second is another one, if the sale has another. */
async function sortTokens(node: NodeClient, tokens: readonly Address[]): Promise<{ first: Address; second: Address }> {
  const permits = await Promise.all(tokens.map((token) => hasPermit(node, token)));
  const first = tokens.find((_, index) => permits[index]);
  if (!first) throw new Error("The rules of funding need a payment token with EIP-2612.");
  return { first, second: tokens.find((token) => token !== first) ?? first };
}

/** The deployment that the rules check. */
export interface Target {
  rpcUrl: string;
  sale: Address;
  close(): Promise<void>;
}

/**
 * The deployment that CONFORMANCE_RPC_URL and CONFORMANCE_SALE_ADDRESS name, or our own on a new chain. The node must be a
 * development node that can impersonate accounts: for a real sale, one that forks its chain.
 */
export async function openTarget(): Promise<Target> {
  const { CONFORMANCE_RPC_URL: rpcUrl, CONFORMANCE_SALE_ADDRESS: sale } = process.env;
  if (!rpcUrl && !sale) {
    const chain = await startChain({ port: 0 });
    return { rpcUrl: chain.rpcUrl, sale: chain.saleAddress, close: chain.close };
  }
  if (!rpcUrl || !sale) throw new Error("CONFORMANCE_RPC_URL and CONFORMANCE_SALE_ADDRESS go together.");
  return { rpcUrl, sale: getAddress(sale), close: () => Promise.resolve() };
}
