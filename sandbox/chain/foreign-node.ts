import {
  SANDBOX_DEFAULT_CHAIN_ID,
  SANDBOX_DEFAULT_TOKENS,
  SANDBOX_SALE,
  type SandboxToken,
} from "../../lib/config/sandbox";
import { OPERATOR } from "./chain-facts";
import { deployedTokens, deploySandboxContracts, installMulticall, isDeployed } from "./deploy";
import { nodeClient, type NodeClient } from "./node-client";

/**
 * Prepares a node that another program runs: deploys the contracts if it has none and signs for the usual accounts, as anvil and Hardhat do.
 * Where that is impossible, says so and what to do, and leaves the node as it is. Throws if the node's chain has another id.
 */
export async function prepareForeignNode(
  rpcUrl: string,
  chainId = SANDBOX_DEFAULT_CHAIN_ID,
  paymentTokens: readonly SandboxToken[] = SANDBOX_DEFAULT_TOKENS,
): Promise<void> {
  const node = nodeClient(rpcUrl);
  // A path or a query may contain a key.
  const place = `the node at ${new URL(rpcUrl).host} (RPC_URLS)`;
  const found = await node.getChainId().catch(() => undefined);
  if (found === undefined) {
    return warn(`${place} is not responding. Start it, then restart the sandbox, which deploys missing contracts.`);
  }
  if (found !== chainId) {
    throw new Error(
      `The chain of ${place} has the id ${found}, but the sandbox is set to ${chainId}. Set SANDBOX_CHAIN_ID=${found}, or use another node.`,
    );
  }
  if (!(await isDeployed(node))) {
    const obstacle = await obstacleTo(node);
    if (obstacle !== undefined) return warn(`${place} ${obstacle}`);
    await deploySandboxContracts(node, { paymentTokens });
    console.log(`sandbox: the contracts are now on ${place}.`);
  } else if ((await deployedTokens(node)).join() !== paymentTokens.join()) {
    warn(
      `the sale on ${place} has other payment tokens than SANDBOX_PAYMENT_TOKENS. Restart that node with an empty state.`,
    );
  }
  await installMulticall(node).catch(() =>
    warn(`${place} has no Multicall3: apps that batch their reads cannot use it.`),
  );
}

function warn(sentence: string): void {
  console.warn(`sandbox: ${sentence}`);
}

/** The addresses of the contracts follow from the deployer's first transactions, so that an account that has sent any is of no use. */
async function obstacleTo(node: NodeClient): Promise<string | undefined> {
  if ((await node.getCode({ address: SANDBOX_SALE })) !== undefined) {
    return `has another contract, or another version of it, at ${SANDBOX_SALE}. Restart that node with an empty state, or unset RPC_URLS, and the sandbox runs a node of its own.`;
  }
  const none = `has no contract at ${SANDBOX_SALE}, the sandbox's sale, and`;
  const accounts = await node.request({ method: "eth_accounts" }).catch(() => []);
  if (!accounts.some((account) => account.toLowerCase() === OPERATOR.toLowerCase())) {
    return `${none} does not sign for ${OPERATOR}, which deploys it. Use a development node (anvil, hardhat node) with its usual accounts, or unset RPC_URLS, and the sandbox runs a node of its own.`;
  }
  if ((await node.getTransactionCount({ address: OPERATOR })) > 0) {
    return `${none} ${OPERATOR}, which deploys it with its first transactions, has sent some already. Restart that node with an empty state, then the sandbox.`;
  }
  return undefined;
}
