import type { WalletOption } from "@/hooks/wallet/wallet-store";
import { SANDBOX_WALLET } from "@/hooks/wallet/sandbox-wallet";

/** What is needed of a wagmi connector. */
export interface WalletConnector {
  readonly id: string;
  readonly name: string;
  readonly icon?: string | undefined;
}

/** wagmi's id of whatever is at `window.ethereum`. */
const UNANNOUNCED = "injected";

/** The name of a connector's wallet. */
export function walletName({ id, name }: WalletConnector): string {
  return id === UNANNOUNCED ? "Browser wallet" : name;
}

function optionOf(connector: WalletConnector): WalletOption {
  const icon = connector.icon?.trim();
  return {
    id: connector.id,
    name: walletName(connector),
    ...(icon?.startsWith("data:image/") && { icon }),
    kind: connector.id === SANDBOX_WALLET.id ? "sandbox" : "browser",
  };
}

/**
 * The wallets to choose from, those of the browser first. What is at `window.ethereum` counts only where no wallet announced itself: it is
 * one of them otherwise.
 */
export function walletOptions(connectors: readonly WalletConnector[], hasEthereum: boolean): WalletOption[] {
  const known = new Map(connectors.map((connector) => [connector.id, connector]));
  const announced = [...known.keys()].some((id) => id !== UNANNOUNCED && id !== SANDBOX_WALLET.id);
  if (announced || !hasEthereum) known.delete(UNANNOUNCED);
  const options = [...known.values()].map(optionOf);
  return options.sort((a, b) => Number(a.kind === "sandbox") - Number(b.kind === "sandbox"));
}
