"use client";

import { useState, type ReactNode } from "react";
import type { Address as AddressText } from "viem";
import { Address } from "@/components/wallet/address";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/feedback";
import { AccountChoice } from "@/components/wallet/wallet-menu";
import type { ErrorAdvice } from "@/lib/purchase/errors/error-words";
import type { SaleChain } from "@/lib/sale/state";
import type { WalletState } from "@/lib/wallet/wallet";

interface WalletWishes {
  /** Shows the wallets to choose from. */
  onChoose: () => void;
  onDisconnect: () => void;
  onSwitchAccount: (address: AddressText) => void;
  /** Settles when the wallet has answered. */
  onSwitchChain: () => Promise<void>;
}

interface WalletStepProps extends WalletWishes {
  state: WalletState;
  chain: Pick<SaleChain, "chainId" | "chainName">;
  /** A wallet is what comes next: its button is the page's primary one. */
  needed: boolean;
  /** Why the last wish did not come true; left out while the wallets are shown to choose from, which say it themselves. */
  error?: ErrorAdvice;
}

type Connected = Extract<WalletState, { status: "connected" }>;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-9 items-center justify-between gap-4 py-1">
      <dt className="text-text-quiet">{name}</dt>
      <dd className="min-w-0 text-right">{children}</dd>
    </div>
  );
}

function SwitchChain({ chainName, onSwitchChain }: Pick<SaleChain, "chainName"> & Pick<WalletWishes, "onSwitchChain">) {
  const [pending, setPending] = useState(false);
  async function ask() {
    if (pending) return;
    setPending(true);
    await onSwitchChain();
    setPending(false);
  }
  return (
    <div className="grid justify-items-start gap-2">
      <Button variant="primary" pending={pending} onClick={ask}>
        Switch to {chainName}
      </Button>
      <p className="text-sm text-text-quiet">
        Your wallet asks you to confirm, and adds the network if it does not know it. Nothing is sent.
      </p>
    </div>
  );
}

function ConnectedWallet({
  state,
  chain,
  ...wishes
}: { state: Connected; chain: WalletStepProps["chain"] } & WalletWishes) {
  const onSaleChain = state.chainId === chain.chainId;
  return (
    <div className="grid gap-4">
      {!onSaleChain && <SwitchChain chainName={chain.chainName} onSwitchChain={wishes.onSwitchChain} />}
      <dl className="divide-y divide-line rounded-md border border-line px-3">
        <Fact name="Address">
          <Address address={state.address} label="wallet address" />
        </Fact>
        <Fact name="Wallet">{state.walletName}</Fact>
        <Fact name="Network">{onSaleChain ? chain.chainName : "Another one than the sale's"}</Fact>
      </dl>
      <div className="flex flex-wrap gap-2">
        {state.accounts.length > 1 && (
          <AccountChoice accounts={state.accounts} address={state.address} onSwitchAccount={wishes.onSwitchAccount} />
        )}
        <Button onClick={wishes.onChoose}>Use another wallet</Button>
        <Button onClick={wishes.onDisconnect}>Disconnect wallet</Button>
      </div>
    </div>
  );
}

function StepContent({ state, chain, needed, ...wishes }: Omit<WalletStepProps, "error">) {
  switch (state.status) {
    case "none":
      return (
        <Button variant={needed ? "primary" : "secondary"} onClick={wishes.onChoose}>
          Connect wallet
        </Button>
      );
    case "reconnecting":
      // It is over in a moment, and the step is then a single line: anything here would make the page jump.
      return null;
    case "connecting":
      return <Button onClick={wishes.onChoose}>Use another wallet</Button>;
    case "connected":
      return <ConnectedWallet state={state} chain={chain} {...wishes} />;
  }
}

/** What can be done about the wallet, in the journey's step for it. The step itself says how it stands. */
export function WalletStep({ error, ...content }: WalletStepProps) {
  return (
    <div className="grid gap-4 justify-items-start *:max-w-full">
      {error && <Callout tone="bad">{error.sentence}</Callout>}
      <StepContent {...content} />
    </div>
  );
}
