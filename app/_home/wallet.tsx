"use client";

import { useEffect, useRef } from "react";
import { WalletChooser } from "@/components/wallet/wallet-chooser";
import { WalletMenu } from "@/components/wallet/wallet-menu";
import { WalletStep } from "@/components/wallet/wallet-step";
import { useAnnounce } from "@/hooks/use-announcer";
import { useWallet } from "@/hooks/use-wallet";
import type { SaleChain } from "@/lib/sale/state";
import { SANDBOX_WALLET, type WalletState } from "@/lib/wallet/wallet";

/** Announces that a wallet was connected or disconnected on this page. One that is only reconnected is no news. In the header, so that it is heard before the step it leads to. */
function useWalletNews({ status }: WalletState): void {
  const announce = useAnnounce();
  const before = useRef(status);
  useEffect(() => {
    if (status === "connected" && before.current === "connecting") announce("Wallet connected.");
    if (status === "none" && before.current === "connected") announce("Wallet disconnected.");
    before.current = status;
  }, [status, announce]);
}

/** The page's wallet in the header. */
export function HeaderWallet({ chain }: { chain: SaleChain }) {
  const { state, ...actions } = useWallet();
  useWalletNews(state);
  const isSandbox = state.status === "connected" && state.walletName === SANDBOX_WALLET.name;
  return (
    <WalletMenu
      state={state}
      chain={chain}
      onSwitchAccount={actions.switchAccount}
      onSwitchChain={() => void actions.switchChain()}
      onLeaveChain={chain.sandboxWallet && isSandbox ? () => void actions.leaveChain() : undefined}
      onChoose={() => void actions.choose()}
      onDisconnect={() => void actions.disconnect()}
    />
  );
}

/** The content of the journey's wallet step. `needed`: the wallet is the next thing to do. */
export function JourneyWallet({ chain, needed }: { chain: SaleChain; needed: boolean }) {
  const { state, opening, choosing, error, ...actions } = useWallet();
  return (
    <WalletStep
      state={state}
      opening={opening}
      chain={chain}
      needed={needed}
      error={choosing ? undefined : error}
      onConnect={() => void actions.connectOrChoose()}
      onChoose={() => void actions.choose()}
      onDisconnect={() => void actions.disconnect()}
      onSwitchAccount={actions.switchAccount}
      onSwitchChain={actions.switchChain}
    />
  );
}

/** The page's only dialog for choosing a wallet. */
export function WalletDialog({ chain }: { chain: SaleChain }) {
  const { choosing, options, links, pairingUri, state, error, ...actions } = useWallet();
  return (
    <WalletChooser
      choosing={choosing}
      options={options}
      links={links}
      pairingUri={pairingUri}
      state={state}
      error={error}
      chain={chain}
      onConnect={(optionId) => void actions.connect(optionId)}
      onSwitchAccount={(address) => {
        actions.switchAccount(address);
        actions.stopChoosing();
      }}
      onRetry={() => void actions.choose()}
      onClose={actions.stopChoosing}
    />
  );
}
