"use client";

import { useState, type ReactNode } from "react";
import type { Address as AddressText } from "viem";
import { Button } from "@/components/ui/button";
import { ReloadPageButton } from "@/components/ui/failure-notice";
import { Callout } from "@/components/ui/feedback";
import { Address, CopyButton } from "@/components/wallet/address";
import { AccountChoice } from "@/components/wallet/wallet-menu";
import type { SaleChain } from "@/lib/sale/state";
import type { WalletFault, WalletState } from "@/lib/wallet/wallet";

interface WalletActions {
  /** Connects the only wallet, or shows the wallets to choose from. */
  onConnect: () => void;
  /** Shows the wallets to choose from. */
  onChoose: () => void;
  onDisconnect: () => void;
  onSwitchAccount: (address: AddressText) => void;
  /** Resolves when the wallet has answered. */
  onSwitchChain: () => Promise<void>;
}

interface WalletStepProps extends WalletActions {
  state: WalletState;
  chain: SaleChain;
  /** A wallet is the next thing to do: its button is the page's primary one. */
  needed: boolean;
  /** The wallets are being searched after a press. */
  opening: boolean;
  /** The error of the last request; absent while the dialog is open, which shows it itself. */
  error?: WalletFault;
}

type Connected = Extract<WalletState, { status: "connected" }>;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 py-1">
      <dt className="text-text-quiet">{name}</dt>
      <dd className="min-w-0 text-right">{children}</dd>
    </div>
  );
}

function SwitchChain({
  chainName,
  onSwitchChain,
}: Pick<SaleChain, "chainName"> & Pick<WalletActions, "onSwitchChain">) {
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
        {`Switch to ${chainName}`}
      </Button>
      <p className="text-sm text-text-quiet">
        Your wallet will ask you to confirm, and to add the network if necessary. No transaction is sent.
      </p>
    </div>
  );
}

function ConnectedWallet({
  state,
  chain,
  ...actions
}: { state: Connected; chain: WalletStepProps["chain"] } & WalletActions) {
  const onSaleChain = state.chainId === chain.chainId;
  return (
    <div className="grid gap-4">
      {!onSaleChain && <SwitchChain chainName={chain.chainName} onSwitchChain={actions.onSwitchChain} />}
      <dl className="divide-y divide-line rounded-md border border-line px-3">
        <Fact name="Address">
          <Address address={state.address} label="wallet address" />
        </Fact>
        <Fact name="Wallet">{state.walletName}</Fact>
        <Fact name="Network">{onSaleChain ? chain.chainName : "Not the sale's network"}</Fact>
      </dl>
      <div className="flex flex-wrap gap-2">
        {state.accounts.length > 1 && (
          <AccountChoice
            accounts={state.accounts}
            address={state.address}
            labels={chain.sandboxAccounts}
            onSwitchAccount={actions.onSwitchAccount}
          />
        )}
        <Button onClick={actions.onChoose}>Use another wallet</Button>
        <Button onClick={actions.onDisconnect}>Disconnect wallet</Button>
      </div>
    </div>
  );
}

type ConnectProps = Pick<WalletStepProps, "needed" | "onConnect" | "onChoose"> & {
  pending: boolean;
  /** Another wallet may do what this one did not. */
  offersOthers: boolean;
};

function Connect({ needed, pending, offersOthers, onConnect, onChoose }: ConnectProps) {
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        variant={needed ? "primary" : "secondary"}
        pending={pending}
        onClick={() => {
          if (!pending) onConnect();
        }}
      >
        Connect wallet
      </Button>
      {offersOthers && <Button onClick={onChoose}>Use another wallet</Button>}
    </div>
  );
}

function StepContent({ state, chain, needed, opening, error, ...actions }: WalletStepProps) {
  switch (state.status) {
    case "none":
      return <Connect needed={needed} pending={opening} offersOthers={error !== undefined} {...actions} />;
    case "reconnecting":
      // It ends in a moment, and the step is then a single line: content here would make the page jump.
      return null;
    case "connecting":
      return <Connect needed={needed} pending offersOthers {...actions} />;
    case "connected":
      return <ConnectedWallet state={state} chain={chain} {...actions} />;
  }
}

/** The sale's network, for a wallet that has to be told by hand. Each value can be copied as it must be entered. */
function NetworkDetails({ chain }: { chain: SaleChain }) {
  const { chainName, rpcUrls, chainId, nativeCurrency, explorerUrl } = chain;
  const details = [
    ["Network name", chainName],
    ["RPC URL", rpcUrls[0]],
    ["Chain ID", `${chainId}`],
    ["Currency symbol", nativeCurrency.symbol],
    ["Block explorer", explorerUrl],
  ] as const;
  return (
    <dl aria-label="Network details" className="w-full divide-y divide-line rounded-md border border-line px-3">
      {details.map(([name, value]) =>
        value === undefined ? null : (
          <Fact key={name} name={name}>
            <span className="inline-flex max-w-full items-center gap-1">
              <span translate="no" className="min-w-0 [overflow-wrap:anywhere] text-sm">
                {value}
              </span>
              <CopyButton text={value} label={name} />
            </span>
          </Fact>
        ),
      )}
    </dl>
  );
}

/** The content of the journey's wallet step. The step itself shows the wallet's state. */
export function WalletStep(props: WalletStepProps) {
  const { error, chain } = props;
  return (
    <div className="grid gap-4 justify-items-start *:max-w-full">
      {error && (
        <Callout tone="bad" action={error.action === "reload-page" && <ReloadPageButton />}>
          {error.sentence}
        </Callout>
      )}
      {error?.showsNetwork && <NetworkDetails chain={chain} />}
      <StepContent {...props} />
    </div>
  );
}
