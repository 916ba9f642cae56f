import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE } from "@/lib/config/sandbox";
import { answerJson, startLocalServer } from "@/tests/support/local-server";

/** The facts of the sandbox's sale, for clients of a test's own nodes. */
export const SALE_FACTS = {
  chainId: SANDBOX_DEFAULT_CHAIN_ID,
  chainName: "Sandbox chain",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  contract: SANDBOX_SALE,
  sandboxWallet: true,
};

interface Asked {
  id: number;
  method: string;
  params?: readonly unknown[];
}

/** The place of the block among the parameters of what is read at a block. */
const BLOCK_AT: Readonly<Record<string, number>> = {
  eth_call: 1,
  eth_estimateGas: 1,
  eth_getBalance: 1,
  eth_getBlockByNumber: 0,
  eth_getCode: 1,
  eth_getTransactionCount: 1,
};

/** Each is null for what is in no block that the node has. */
const BY_HASH: readonly string[] = ["eth_getTransactionByHash", "eth_getTransactionReceipt"];

/** A node of a test's chain, which can stop at a block, answering as well as ever with the state of that time, and can be overloaded. */
export interface LaggingNode {
  rpcUrl: string;
  /** The block that it has stopped at; undefined: it keeps up. */
  stoppedAt: bigint | undefined;
  /** The age that its latest block seems to have, in seconds beside its own: that of a node which has stopped so long ago. */
  seemsOlderBy: number;
  /** The block whose state answers what names none, as if a balancer sent just that to a node that is behind; undefined: the latest. */
  latestAt: bigint | undefined;
  /** The methods that it answers "too many requests" to. */
  refuses: (method: string) => boolean;
  /** Called after each answer, so that a test can change its ways from then on. */
  onAnswered: (method: string) => void;
  /** The number of requests with this method so far. */
  asked: (method: string) => number;
  close: () => Promise<void>;
}

/** Starts a node in front of the chain at `chainUrl`. */
export async function startLaggingNode(chainUrl: string): Promise<LaggingNode> {
  const methods: string[] = [];

  async function ask({ method, params, id }: Asked): Promise<{ result?: unknown; error?: unknown }> {
    const body = JSON.stringify({ jsonrpc: "2.0", id, method, params });
    const response = await fetch(chainUrl, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    return response.json();
  }

  async function askAt(stoppedAt: bigint, asked: Asked): Promise<{ result?: unknown; error?: unknown }> {
    const { method, params = [] } = asked;
    const own = `0x${stoppedAt.toString(16)}`;
    if (method === "eth_blockNumber") return { result: own };
    if (BY_HASH.includes(method)) {
      const answer = await ask(asked);
      const { blockNumber } = Object(answer.result) as { blockNumber?: string | null };
      return blockNumber && BigInt(blockNumber) > stoppedAt ? { result: null } : answer;
    }
    const block = params[BLOCK_AT[method] ?? -1];
    if (typeof block === "string" && block.startsWith("0x") && BigInt(block) > stoppedAt)
      return method === "eth_getBlockByNumber"
        ? { result: null }
        : { error: { code: -32_000, message: "header not found" } };
    return ask(atBlock(asked, stoppedAt));
  }

  /** The request with a block in the place of "latest" or none. */
  function atBlock(asked: Asked, number: bigint): Asked {
    const { method, params = [] } = asked;
    const place = BLOCK_AT[method];
    const block = place === undefined ? undefined : params[place];
    if (place === undefined || (typeof block === "string" && block.startsWith("0x"))) return asked;
    return { ...asked, params: Object.assign([...params], { [place]: `0x${number.toString(16)}` }) };
  }

  function older(answer: { result?: unknown }, { method }: Asked): object {
    if (method !== "eth_getBlockByNumber" || !answer.result || node.seemsOlderBy === 0) return answer;
    const { timestamp, ...block } = Object(answer.result) as { timestamp: string };
    return { ...answer, result: { ...block, timestamp: `0x${(Number(timestamp) - node.seemsOlderBy).toString(16)}` } };
  }

  const askLatest = (asked: Asked) => ask(node.latestAt === undefined ? asked : atBlock(asked, node.latestAt));

  const server = await startLocalServer(async ({ body }, response) => {
    const asked: Asked = JSON.parse(body);
    methods.push(asked.method);
    if (node.refuses(asked.method)) return answerJson(response, 429, {});
    const answer = await (node.stoppedAt === undefined ? askLatest(asked) : askAt(node.stoppedAt, asked));
    answerJson(response, 200, { jsonrpc: "2.0", ...older(answer, asked), id: asked.id });
    node.onAnswered(asked.method);
  });
  const node: LaggingNode = {
    rpcUrl: server.origin,
    stoppedAt: undefined,
    seemsOlderBy: 0,
    latestAt: undefined,
    refuses: () => false,
    onAnswered: () => undefined,
    asked: (method) => methods.filter((one) => one === method).length,
    close: () => server.close(),
  };
  return node;
}
