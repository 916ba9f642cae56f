"use client";

import { WalletChooser } from "@/components/wallet/wallet-chooser";
import { WalletMenu } from "@/components/wallet/wallet-menu";
import { WalletStep } from "@/components/wallet/wallet-step";
import { useWallet } from "@/hooks/use-wallet";
import type { SaleChain } from "@/lib/sale/state";
import { SANDBOX_WALLET } from "@/lib/wallet/wallet";

/** The page's wallet in the header. */
export function HeaderWallet({ chain }: { chain: SaleChain }) {
  const { state, ...actions } = useWallet();
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
  const { state, choosing, error, ...actions } = useWallet();
  return (
    <WalletStep
      state={state}
      chain={chain}
      needed={needed}
      error={choosing ? undefined : error}
      onChoose={() => void actions.choose()}
      onDisconnect={() => void actions.disconnect()}
      onSwitchAccount={actions.switchAccount}
      onSwitchChain={actions.switchChain}
    />
  );
}

/** The page's only dialog for choosing a wallet. */
export function WalletDialog() {
  const { choosing, options, state, error, connect, choose, stopChoosing } = useWallet();
  return (
    <WalletChooser
      choosing={choosing}
      options={options}
      state={state}
      error={error}
      onConnect={(optionId) => void connect(optionId)}
      onRetry={() => void choose()}
      onClose={stopChoosing}
    />
  );
}
