import { encodeFunctionData, numberToHex } from "viem";
import type { Address } from "viem";
import { sandboxUsdcAbi } from "./artifacts/sandbox-usdc-abi";
import { OPERATOR, SANDBOX_SALE } from "./chain-facts";
import { deploySandboxContracts } from "./deploy";
import { latestBlockTime, nodeClient, send } from "./node/node-client";
import { saleControl } from "./sale-control";
import type { SaleControl } from "./sale-control";
import { saleReader } from "./sale-reader";
import type { SaleReader } from "./sale-reader";

/** What the master of the sandbox's chain can do. */
export interface ChainControl {
  sale: SaleControl;
  reader: SaleReader;
  /** The latest block's time in Unix seconds. */
  time(): Promise<number>;
  /** Moves the chain's clock ahead and mines a block. No other clock moves with it. */
  moveClock(seconds: number): Promise<void>;
  /** Sets the chain's clock and mines a block. Rejects for a time before the latest block's. */
  setClock(time: number): Promise<void>;
  /** Mines a block, so that the latest block's time is the chain's clock. */
  mine(): Promise<void>;
  /** `amount` in smallest units, of either token. */
  mint(token: Address, wallet: Address, amount: bigint): Promise<void>;
  /** What a wallet has to pay for gas, in wei. */
  setNativeBalance(wallet: Address, wei: bigint): Promise<void>;
  /** As just started for the first time: the clock too. */
  reset(): Promise<void>;
}

/** Controls the sandbox's chain at `rpcUrl`. */
export function chainControl(rpcUrl: string): ChainControl {
  const node = nodeClient(rpcUrl);
  const mine = async () => {
    await node.request({ method: "evm_mine" });
  };
  return {
    sale: saleControl(node, SANDBOX_SALE, OPERATOR),
    reader: saleReader(node, SANDBOX_SALE),
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
      await node.request({ method: "anvil_setBalance", params: [wallet, numberToHex(wei)] });
    },
    reset: async () => {
      await node.request({ method: "anvil_reset" });
      // The node alone would go back to the time at which it was started.
      await node.request({ method: "anvil_setTime", params: [Math.floor(Date.now() / 1000)] });
      await deploySandboxContracts(node);
    },
  };
}
