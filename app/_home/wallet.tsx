"use client";

import { WalletChooser } from "@/components/wallet/wallet-chooser";
import { WalletMenu } from "@/components/wallet/wallet-menu";
import { WalletStep } from "@/components/wallet/wallet-step";
import { SANDBOX_WALLET } from "@/lib/wallet/wallet";
import { useWallet } from "@/hooks/use-wallet";
import type { SaleChain } from "@/lib/sale/state";

/** The page's wallet in the header. */
export function HeaderWallet({ chain }: { chain: SaleChain }) {
  const { state, ...wishes } = useWallet();
  const isSandbox = state.status === "connected" && state.walletName === SANDBOX_WALLET.name;
  return (
    <WalletMenu
      state={state}
      chain={chain}
      onSwitchAccount={wishes.switchAccount}
      onSwitchChain={() => void wishes.switchChain()}
      onLeaveChain={chain.sandboxWallet && isSandbox ? () => void wishes.leaveChain() : undefined}
      onChoose={() => void wishes.choose()}
      onDisconnect={() => void wishes.disconnect()}
    />
  );
}

/** The wallet in the journey's step for it. `needed`: it is what comes next. */
export function JourneyWallet({ chain, needed }: { chain: SaleChain; needed: boolean }) {
  const { state, choosing, error, ...wishes } = useWallet();
  return (
    <WalletStep
      state={state}
      chain={chain}
      needed={needed}
      error={choosing ? undefined : error}
      onChoose={() => void wishes.choose()}
      onDisconnect={() => void wishes.disconnect()}
      onSwitchAccount={wishes.switchAccount}
      onSwitchChain={wishes.switchChain}
    />
  );
}

/** The page's one dialog to choose a wallet in, whoever opens it. */
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
