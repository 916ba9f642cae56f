import { encodeFunctionData, numberToHex, BaseError, decodeErrorResult, type Address, type Hex } from "viem";
import { sandboxUsdcAbi } from "./artifacts/sandbox-usdc-abi";
import { OPERATOR } from "./chain-facts";
import { SANDBOX_DEFAULT_TOKENS, SANDBOX_SALE, type SandboxToken } from "../../lib/config/sandbox";
import { deployedTokens, deploySandboxContracts, isDeployed } from "./deploy";
import { latestBlockTime, nodeClient, send } from "./node-client";
import { saleControl, type SaleControl } from "./sale-control";
import { saleReader, type SaleReader } from "./sale-reader";
import { sandboxSaleAbi } from "./artifacts/sandbox-sale-abi";
import { tokenIssuer, type TokenIssuer } from "./token-issuer";

/** The controls of the sandbox's chain. */
export interface ChainControl {
  sale: SaleControl;
  reader: SaleReader;
  issuer: TokenIssuer;
  chainId(): Promise<number>;
  /** Those that the sale accepts, in its order. */
  paymentTokens(): Promise<readonly SandboxToken[]>;
  /** The latest block's time in Unix seconds. */
  time(): Promise<number>;
  /** Moves the chain's clock forward and mines a block. No other clock moves. */
  moveClock(seconds: number): Promise<void>;
  /** Sets the chain's clock and mines a block. Rejects a time before the latest block's. */
  setClock(time: number): Promise<void>;
  /** Mines a block, so that the latest block's time is the chain's clock. */
  mine(): Promise<void>;
  /** `amount` is in smallest units, of either token. */
  mint(token: Address, wallet: Address, amount: bigint): Promise<void>;
  /** Sets a wallet's balance for gas, in wei. */
  setNativeBalance(wallet: Address, wei: bigint): Promise<void>;
  /** Restores the state and the clock of a new chain. */
  reset(): Promise<void>;
}

/** Controls the sandbox's chain at `rpcUrl`. Methods have Hardhat's names where anvil knows them too: the node may be either. */
export function chainControl(rpcUrl: string): ChainControl {
  const node = nodeClient(rpcUrl);
  const mine = async () => {
    await node.request({ method: "evm_mine" });
  };
  return {
    sale: saleControl(node, SANDBOX_SALE, OPERATOR),
    reader: saleReader(node, SANDBOX_SALE),
    issuer: tokenIssuer(node),
    chainId: () => node.getChainId(),
    paymentTokens: () => deployedTokens(node),
    time: () => latestBlockTime(node),
    moveClock: async (seconds) => {
      await node.request({ method: "evm_increaseTime", params: [seconds] });
      await mine();
    },
    setClock: async (time) => {
      await node.request({ method: "evm_setNextBlockTimestamp", params: [time] });
      await mine();
    },
    mine,
    mint: async (token, wallet, amount) => {
      const data = encodeFunctionData({ abi: sandboxUsdcAbi, functionName: "mint", args: [wallet, amount] });
      await send(node, { from: OPERATOR, to: token, data });
    },
    setNativeBalance: async (wallet, wei) => {
      await node.request({ method: "hardhat_setBalance", params: [wallet, numberToHex(wei)] });
    },
    reset: async () => {
      // A node of another program may have lost its contracts.
      const paymentTokens = (await isDeployed(node)) ? await deployedTokens(node) : SANDBOX_DEFAULT_TOKENS;
      await node.request({ method: "hardhat_reset" });
      // By itself, anvil would return to the time of its start. Hardhat returns to wall time, and knows no such method.
      const wallTime = Math.floor(Date.now() / 1000);
      await node.request({ method: "anvil_setTime", params: [wallTime] }).catch(() => undefined);
      await deploySandboxContracts(node, { paymentTokens });
    },
  };
}

/** The error of a call to the sandbox's chain, in one line for people; a contract's error by its name. */
export function chainErrorText(error: unknown): string {
  if (!(error instanceof BaseError)) return error instanceof Error ? error.message : String(error);
  if (error.walk((cause) => nameOf(cause) === "ContractFunctionZeroDataError"))
    return "there is no sale contract on the chain: reset the chain, or restart the sandbox";
  const data = revertData(error);
  return (data && errorName(data)) ?? (error.details || error.shortMessage);
}

/** True if no node answered. */
export function isUnreachable(error: unknown): boolean {
  const names = ["HttpRequestError", "TimeoutError"];
  return error instanceof BaseError && names.some((name) => error.walk((cause) => nameOf(cause) === name) !== null);
}

function nameOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.name : undefined;
}

function revertData(error: BaseError): Hex | undefined {
  let data: Hex | undefined;
  error.walk((cause) => {
    if (typeof cause === "object" && cause !== null && "data" in cause && isHex(cause.data)) data = cause.data;
    return data !== undefined;
  });
  return data;
}

function isHex(value: unknown): value is Hex {
  return typeof value === "string" && /^0x([0-9a-f]{2})+$/i.test(value);
}

function errorName(data: Hex): string | undefined {
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi: sandboxSaleAbi, data });
    return `the sale reverts with ${errorName}(${args.map(String).join(", ")})`;
  } catch {
    return undefined;
  }
}
