import { shortenAddress } from "@/lib/sale/amounts";
import type { StepBody } from "@/lib/sale/journey-step";
import type { PurchaseView } from "@/lib/sale/purchase-view";
import { walletNeed, type WalletNeed } from "@/lib/sale/wallet-need";

const WHY: Record<Exclude<WalletNeed, "none">, string> = {
  commit: "Connect the wallet that pays. Tokens and refunds go to the wallet that has paid.",
  cancel: "Connect a wallet of this entity to cancel its commitment.",
  claim: "Connect a wallet of this entity to claim its refund.",
};

function connectedStep(address: string, chainId: number, chain: PurchaseView["chain"]): StepBody {
  if (chainId === chain.chainId)
    return { state: "done", sentence: `${shortenAddress(address)} on ${chain.chainName}.` };
  const sentence = `${shortenAddress(address)} is on another network. The sale is on ${chain.chainName}.`;
  return { state: "now", sentence, action: { kind: "switch-chain" } };
}

/** After the announced time only a permit knows of a later one, and only with a wallet is there a permit. */
function notNeeded({ sale, canCommit }: PurchaseView): string {
  const isOver = sale.status === "ready" && sale.value.phase.kind === "closed" && canCommit;
  return isOver ? "Needed only if you were given a later time to commit." : "No wallet is needed at the moment.";
}

/** The wallet's step, once the entity can take part. */
export function walletStep(view: PurchaseView): StepBody {
  const { wallet, chain } = view;
  switch (wallet.status) {
    case "connected":
      return connectedStep(wallet.address, wallet.chainId, chain);
    case "reconnecting":
      return { state: "now", sentence: `Reconnecting ${shortenAddress(wallet.address)}.` };
    case "connecting":
      return { state: "now", sentence: `Waiting for ${wallet.walletName}. Approve the connection there.` };
    case "none": {
      const need = walletNeed(view);
      if (need === "none") return { state: "waiting", sentence: notNeeded(view) };
      return { state: "now", sentence: WHY[need], action: { kind: "connect-wallet" } };
    }
  }
}
