import { connectChain } from "./chain-link";
import { showChain } from "./chain-state";
import { mint, moveClock, setNativeBalance } from "./chain-world";
import type { ControlEntry } from "./control-entry";
import { setListingDelay } from "./listing-delay";
import { resetChain } from "./reset";
import { setClaimRefund, setMaxWallets, setPaused, setReduceCommitment, setStage } from "./sale-switches";
import { processRefunds, settleSale } from "./settlement";

/** The controls of the sale and its chain. */
export const CHAIN_CONTROLS: readonly ControlEntry[] = [
  ["GET", "chain", showChain],
  ["PUT", "chain/rpc-url", connectChain],
  ["PUT", "chain/stage", setStage],
  ["PUT", "chain/paused", setPaused],
  ["PUT", "chain/claim-refund", setClaimRefund],
  ["PUT", "chain/reduce-commitment", setReduceCommitment],
  ["PUT", "chain/max-wallets", setMaxWallets],
  ["POST", "chain/move-clock", moveClock],
  ["POST", "chain/mint", mint],
  ["PUT", "chain/native-balance", setNativeBalance],
  ["POST", "chain/settle", settleSale],
  ["POST", "chain/process-refunds", processRefunds],
  ["POST", "chain/reset", resetChain],
  ["PUT", "listing-delay", setListingDelay],
];
