import {
  encodeDeployData,
  encodeFunctionData,
  erc20Abi,
  isAddressEqual,
  parseAbi,
  zeroAddress,
  type Address,
  type Hex,
  type ContractConstructorArgs,
} from "viem";
import { SANDBOX_DEFAULT_TOKENS, SANDBOX_SALE_UUID, SANDBOX_SALE, type SandboxToken } from "../../lib/config/sandbox";
import { permitSigner } from "../echo/permits/sign-permit";
import { sandboxSaleAbi } from "./artifacts/sandbox-sale-abi";
import saleCode from "./artifacts/sandbox-sale.json" with { type: "json" };
import { sandboxUsdcAbi } from "./artifacts/sandbox-usdc-abi";
import usdcCode from "./artifacts/sandbox-usdc.json" with { type: "json" };
import usdtCode from "./artifacts/sandbox-usdt.json" with { type: "json" };
import { FUNDED_WALLETS, MULTICALL, OPERATOR, PERSONA_WALLETS, SANDBOX_TOKENS } from "./chain-facts";
import multicallCode from "./multicall3.json" with { type: "json" };
import { send, type NodeClient } from "./node-client";

/** 100,000 of a token with 6 decimals. */
const FUNDS = 100_000_000_000n;

/** True if this version of the sandbox's contracts is deployed. The sale is deployed last, so it stands for all. */
export async function isDeployed(node: NodeClient): Promise<boolean> {
  return (await node.getCode({ address: SANDBOX_SALE })) === saleCode.deployedBytecode;
}

/** The payment tokens of the deployed sale, in its order. */
export async function deployedTokens(node: NodeClient): Promise<readonly SandboxToken[]> {
  const sale = { address: SANDBOX_SALE, abi: sandboxSaleAbi } as const;
  const addresses = await node.readContract({ ...sale, functionName: "paymentTokens" });
  return addresses.flatMap((address) =>
    SANDBOX_DEFAULT_TOKENS.filter((token) => isAddressEqual(SANDBOX_TOKENS[token], address)),
  );
}

/** The roles and payment tokens of a new sale, and the wallets that get tokens. */
interface Cast {
  operator: Address;
  permitSigner: Address;
  funded: readonly Address[];
  paymentTokens: readonly SandboxToken[];
}

function publicCast(): Cast {
  const paymentTokens = SANDBOX_DEFAULT_TOKENS;
  const funded = [...FUNDED_WALLETS, ...PERSONA_WALLETS];
  return { operator: OPERATOR, permitSigner: permitSigner().address, funded, paymentTokens };
}

/**
 * Deploys tokens and sale on a new chain, then funds the wallets. A contract's address follows from its deployer and the number of the
 * deployer's transactions, so that nothing may come before the sale. Both tokens are deployed, also where the sale accepts one of them.
 */
export async function deploySandboxContracts(node: NodeClient, changes: Partial<Cast> = {}): Promise<void> {
  const cast = { ...publicCast(), ...changes };
  await deployAt(SANDBOX_TOKENS.usdc, node, hex(usdcCode.bytecode));
  await deployAt(SANDBOX_TOKENS.usdt, node, hex(usdtCode.bytecode));
  const setup = saleSetup({
    saleUUID: hex(SANDBOX_SALE_UUID.replaceAll("-", "")),
    operator: cast.operator,
    permitSigner: cast.permitSigner,
    paymentTokens: cast.paymentTokens.map((token) => SANDBOX_TOKENS[token]),
  });
  const data = encodeDeployData({ abi: sandboxSaleAbi, bytecode: hex(saleCode.bytecode), args: [setup] });
  await deployAt(SANDBOX_SALE, node, data);
  await installMulticall(node);
  if (cast.funded.length > 0) await fundAll(node, cast.funded);
}

const MULTICALL_ABI = parseAbi([
  "struct Call { address target; bytes callData; }",
  "function aggregate(Call[] calls) payable returns (uint256 blockNumber, bytes[] returnData)",
]);

/** Gives each of many wallets 100,000 of each token, in one transaction: one for each would slow down every reset. */
async function fundAll(node: NodeClient, wallets: readonly Address[]): Promise<void> {
  const calls = wallets.flatMap((wallet) =>
    Object.values(SANDBOX_TOKENS).map((target) => ({ target, callData: mintCall(wallet) })),
  );
  const data = encodeFunctionData({ abi: MULTICALL_ABI, functionName: "aggregate", args: [calls] });
  await send(node, { from: OPERATOR, to: MULTICALL, data });
}

/** Funds the personas' accounts on a chain that an earlier version of the sandbox has deployed without them. */
export async function fundPersonas(node: NodeClient): Promise<void> {
  const [first] = PERSONA_WALLETS;
  if (first === undefined) return;
  const token = { address: SANDBOX_TOKENS.usdc, abi: erc20Abi } as const;
  const isNew = (await node.readContract({ ...token, functionName: "balanceOf", args: [first] })) === 0n;
  if (isNew && (await node.getTransactionCount({ address: first })) === 0) await fundAll(node, PERSONA_WALLETS);
}

function mintCall(wallet: Address): Hex {
  return encodeFunctionData({ abi: sandboxUsdcAbi, functionName: "mint", args: [wallet, FUNDS] });
}

/** Puts Multicall3 at its address, if it is not there: no transaction can, without the key of the account that deploys it everywhere. */
export async function installMulticall(node: NodeClient): Promise<void> {
  if ((await node.getCode({ address: MULTICALL })) !== undefined) return;
  // Hardhat's name, which anvil knows too.
  await node.request({ method: "hardhat_setCode", params: [MULTICALL, hex(multicallCode.deployedBytecode)] });
}

/** Gives a wallet 100,000 of each token. `from` is an account that the node signs for; `polls` as of `send`. */
export async function mintTokens(node: NodeClient, from: Address, wallet: Address, polls?: number): Promise<void> {
  for (const to of Object.values(SANDBOX_TOKENS)) await send(node, { from, to, data: mintCall(wallet) }, polls);
}

async function deployAt(expected: Address, node: NodeClient, data: Hex): Promise<void> {
  const { contractAddress } = await send(node, { from: OPERATOR, data });
  if (!contractAddress || !isAddressEqual(contractAddress, expected)) {
    throw new Error(`A contract was deployed at ${contractAddress} instead of ${expected}: the chain is not new.`);
  }
}

function hex(text: string): Hex {
  return `0x${text.replace(/^0x/, "")}`;
}

type Init = ContractConstructorArgs<typeof sandboxSaleAbi>[0];

/** The settings that differ between test sales. */
export interface SaleSetup {
  /** Without dashes. A permit is bound to this and to its signer only, so no two sales may share both. */
  saleUUID: Hex;
  /** Gets every operator role. */
  operator: Address;
  permitSigner: Address;
  paymentTokens: readonly Address[];
}

/** A sale as Echo deploys it (sonar.md 4.1): it starts in the commitment stage, with refunds and reductions off and 30 wallets per entity. */
export function saleSetup({ saleUUID, operator, permitSigner, paymentTokens }: SaleSetup): Init {
  return {
    saleUUID,
    admin: operator,
    extraManagers: [],
    extraPausers: [],
    extraSettler: zeroAddress,
    extraRefunder: zeroAddress,
    purchasePermitSigner: permitSigner,
    proceedsReceiver: operator,
    claimRefundEnabled: false,
    reduceCommitmentEnabled: false,
    skipPreOpen: true,
    maxWalletsPerEntity: 30,
    paymentTokens,
    expectedPaymentTokenDecimals: 6n,
  };
}
