import {
  encodeDeployData,
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
import saleCode from "@/sandbox/chain/artifacts/sandbox-sale.json" with { type: "json" };
import { OPERATOR, SANDBOX_TOKENS } from "@/sandbox/chain/chain-facts";
import { saleSetup } from "@/sandbox/chain/deploy";
import { nodeClient, send, type NodeClient } from "@/sandbox/chain/node-client";
import { saleControl } from "@/sandbox/chain/sale-control";
import { permitSigner } from "@/sandbox/echo/permits/sign-permit";
import { ALICE, ANNA, BOB, STRANGER } from "@/tests/conformance/support/people";
import { SaleBench } from "@/tests/conformance/support/sale-bench";
import { hasPermit } from "@/tests/conformance/support/bid-call";
import { startChain } from "@/sandbox/chain/start";

/** The roles that the rules need: not every sale gives them all to its administrator. */
const OPERATOR_ROLES = [
  "SALE_MANAGER_ROLE",
  "SETTLER_ROLE",
  "SETTLEMENT_FINALIZER_ROLE",
  "REFUNDER_ROLE",
  "PAUSER_ROLE",
  "TOKEN_RECOVERER_ROLE",
  "COMMITMENT_REDUCER_ROLE",
];

/** The balance of each wallet in each payment token, in smallest units. */
const FUNDS = 1_000_000_000_000n;

/**
 * Prepares a deployed sale for the rules: it is in the commitment stage, its administrator operates it, the sandbox's signer signs
 * permits, the wallets have funds and allowances. The node must be a development node or a fork. The caller takes a snapshot before
 * and reverts to it. `code` deploys such a sale, if that is known.
 */
export async function openSale(rpcUrl: string, sale: Address, code?: Hex): Promise<SaleBench> {
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
  const permits = await Promise.all(tokens.map((token) => hasPermit(node, token)));
  const permitToken = tokens.find((_, index) => permits[index]);
  return new SaleBench({ node, sale, saleUUID, operator, control, tokens, permitToken, code });
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

/** The deployments that the rules check, on one node. */
export interface Target {
  rpcUrl: string;
  /** Opens the sale of that title. The caller takes a snapshot before and reverts to it. */
  open(title: string): Promise<SaleBench>;
  close(): Promise<void>;
}

const { usdc, usdt } = SANDBOX_TOKENS;

/** Our own sales: with both payment tokens in either order, and with each of them alone. */
const OWN_SALES: ReadonlyMap<string, readonly Address[]> = new Map([
  ["with USDC and USDT", [usdc, usdt]],
  ["with USDT and USDC", [usdt, usdc]],
  ["with USDC only", [usdc]],
  ["with USDT only", [usdt]],
]);

const { CONFORMANCE_RPC_URL, CONFORMANCE_SALE_ADDRESS } = process.env;

/** The titles of the sales that the rules check. */
export const SALE_TITLES: readonly string[] = CONFORMANCE_SALE_ADDRESS
  ? [`at ${CONFORMANCE_SALE_ADDRESS}`]
  : [...OWN_SALES.keys()];

/**
 * The deployment that CONFORMANCE_RPC_URL and CONFORMANCE_SALE_ADDRESS name, or our own on a new chain. The node must be a
 * development node that can impersonate accounts: for a real sale, one that forks its chain.
 */
export async function openTarget(): Promise<Target> {
  const [rpcUrl, sale] = [CONFORMANCE_RPC_URL, CONFORMANCE_SALE_ADDRESS];
  if (rpcUrl && sale) {
    return { rpcUrl, open: () => openSale(rpcUrl, getAddress(sale)), close: () => Promise.resolve() };
  }
  if (rpcUrl || sale) throw new Error("CONFORMANCE_RPC_URL and CONFORMANCE_SALE_ADDRESS go together.");
  const chain = await startChain({ port: 0 });
  const code = hexOf(saleCode.bytecode);
  const open = async (title: string) => {
    const sale = await deploySale(nodeClient(chain.rpcUrl), code, OWN_SALES.get(title) ?? []);
    return openSale(chain.rpcUrl, sale, code);
  };
  return { rpcUrl: chain.rpcUrl, open, close: chain.close };
}

/** Deploys a sale beside the sandbox's own. A permit is bound to the sale's UUID, so the tokens are part of this one. */
export async function deploySale(node: NodeClient, bytecode: Hex, paymentTokens: readonly Address[]): Promise<Address> {
  const saleUUID = keccak256(toHex(paymentTokens.join())).slice(0, 34);
  const roles = { operator: OPERATOR, permitSigner: permitSigner().address };
  const setup = saleSetup({ saleUUID: hexOf(saleUUID), paymentTokens, ...roles });
  const data = encodeDeployData({ abi: sandboxSaleAbi, bytecode, args: [setup] });
  const { contractAddress } = await send(node, { from: OPERATOR, data });
  if (!contractAddress) throw new Error("The contract was not deployed.");
  return contractAddress;
}

function hexOf(text: string): Hex {
  return `0x${text.slice(2)}`;
}
