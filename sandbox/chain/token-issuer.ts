import { encodeFunctionData, isAddressEqual, parseAbi, parseEventLogs, type Address, type Hex } from "viem";
import { sandboxUsdcAbi } from "./artifacts/sandbox-usdc-abi";
import { sandboxUsdtAbi } from "./artifacts/sandbox-usdt-abi";
import type { SandboxToken } from "../../lib/config/sandbox";
import { OPERATOR, SANDBOX_TOKENS } from "./chain-facts";
import { send, type NodeClient } from "./node-client";

/** The state of the tokens that only their issuers change. */
export interface IssuerFacts {
  usdcPaused: boolean;
  usdtPaused: boolean;
  /** In the order in which they were blocked. */
  blockedWallets: readonly { token: SandboxToken; wallet: Address }[];
}

/** The power of a stablecoin's issuer over its token. Circle's and Tether's functions have different names. */
export interface TokenIssuer {
  facts(): Promise<IssuerFacts>;
  /** Pauses every transfer of the token; of USDC approvals too. */
  setPaused(token: SandboxToken, paused: boolean): Promise<void>;
  /** Blocks a wallet: it cannot pay with the token; USDC cannot be paid to it either. */
  setBlocked(token: SandboxToken, wallet: Address, blocked: boolean): Promise<void>;
}

const USDC = { address: SANDBOX_TOKENS.usdc, abi: sandboxUsdcAbi } as const;
const USDT = { address: SANDBOX_TOKENS.usdt, abi: sandboxUsdtAbi } as const;

/** Acts as the issuer of the sandbox's tokens, which the operator has deployed. */
export function tokenIssuer(node: NodeClient): TokenIssuer {
  const isPaused = (token: SandboxToken) =>
    token === "usdc"
      ? node.readContract({ ...USDC, functionName: "paused" })
      : node.readContract({ ...USDT, functionName: "paused" });
  const act = async (token: SandboxToken, data: Hex) => {
    await send(node, { from: OPERATOR, to: SANDBOX_TOKENS[token], data });
  };
  return {
    facts: async () => ({
      usdcPaused: await isPaused("usdc"),
      usdtPaused: await isPaused("usdt"),
      blockedWallets: await readBlocked(node),
    }),
    setPaused: async (token, paused) => {
      // USDT refuses to be paused twice.
      if ((await isPaused(token)) === paused) return;
      const functionName = paused ? "pause" : "unpause";
      await act(token, encodeFunctionData({ abi: sandboxUsdcAbi, functionName }));
    },
    setBlocked: (token, wallet, blocked) => act(token, blockCall(token, wallet, blocked)),
  };
}

function blockCall(token: SandboxToken, wallet: Address, blocked: boolean): Hex {
  if (token === "usdc") {
    const functionName = blocked ? "blacklist" : "unBlacklist";
    return encodeFunctionData({ abi: sandboxUsdcAbi, functionName, args: [wallet] });
  }
  const functionName = blocked ? "addBlackList" : "removeBlackList";
  return encodeFunctionData({ abi: sandboxUsdtAbi, functionName, args: [wallet] });
}

const BLOCKING = parseAbi([
  "event Blacklisted(address indexed account)",
  "event UnBlacklisted(address indexed account)",
  "event AddedBlackList(address account)",
  "event RemovedBlackList(address account)",
]);

/** Neither token has a list of the blocked wallets, so it follows from the events. */
async function readBlocked(node: NodeClient): Promise<IssuerFacts["blockedWallets"]> {
  const logs = await node.getLogs({ address: [USDC.address, USDT.address], fromBlock: 0n });
  const blocked = new Map<string, IssuerFacts["blockedWallets"][number]>();
  for (const { address, eventName, args } of parseEventLogs({ abi: BLOCKING, logs })) {
    const token: SandboxToken = isAddressEqual(address, USDC.address) ? "usdc" : "usdt";
    const key = `${token} ${args.account}`;
    if (eventName === "Blacklisted" || eventName === "AddedBlackList")
      blocked.set(key, { token, wallet: args.account });
    else blocked.delete(key);
  }
  return [...blocked.values()];
}
