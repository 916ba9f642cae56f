import "server-only";
import { chainClient } from "@/lib/chain/chain-client";
import { checkContract } from "@/lib/chain/check-contract";
import { latestBlock } from "@/lib/chain/latest-block";
import { required } from "@/lib/chain/outcome";
import { readPaymentTokens } from "@/lib/chain/payment-tokens";
import { settleChain } from "@/lib/chain/settle-chain";
import type { ChainSettings } from "@/lib/chain-settings";
import type { Deadline } from "@/lib/upstream/deadline";
import { success, type Result } from "@/lib/result";
import { saleAbi } from "@/lib/sale/abi";
import type { SaleState } from "@/lib/sale/sale-state";

async function askContract(chain: ChainSettings, saleUUID: string, deadline: Deadline): Promise<Result<SaleState>> {
  const { contract, chainId } = chain.facts;
  const client = chainClient(chain.rpcUrls, deadline);
  const block = await latestBlock(client, deadline);
  const sale = { address: contract, abi: saleAbi } as const;
  const [version, stage, uuid, paused, claimRefundEnabled, tokens] = await client.multicall({
    deployless: true,
    batchSize: 0,
    blockNumber: block.number,
    contracts: [
      { ...sale, functionName: "version" },
      { ...sale, functionName: "stage" },
      { ...sale, functionName: "saleUUID" },
      { ...sale, functionName: "paused" },
      { ...sale, functionName: "claimRefundEnabled" },
      { ...sale, functionName: "paymentTokens" },
    ],
  });
  const checked = checkContract({ version, stage, saleUUID: uuid }, saleUUID);
  if (!checked.ok) return checked;
  return success({
    stage: checked.data,
    paused: required(paused),
    blockTime: Number(block.timestamp),
    claimRefundEnabled: required(claimRefundEnabled),
    tokens: await readPaymentTokens(client, required(tokens), chainId),
  });
}

/**
 * What the sale's contract says at the latest block. Failures: `sale/wrong_contract`, `sale/unsupported_contract`, `chain/unreachable`.
 */
export function readContract(chain: ChainSettings, saleUUID: string, deadline: Deadline): Promise<Result<SaleState>> {
  return settleChain(() => askContract(chain, saleUUID, deadline));
}
