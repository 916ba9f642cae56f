"use client";

import type { Address } from "viem";
import { ChevronDown, Wallet } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { copyText } from "@/components/wallet/address";
import { MenuChoice, Menu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { useAnnounce } from "@/hooks/use-announcer";
import { sameHex, shortenAddress } from "@/lib/sale/hex";
import type { SaleChain } from "@/lib/sale/state";
import type { WalletState } from "@/lib/wallet/wallet";

/** Names of accounts, which only the sandbox's wallet has. */
type AccountLabels = SaleChain["sandboxAccounts"];

/** The accounts with what they are called, e.g. "0x709979…dc79C8 (1, used by Ada)". */
export function namedAccounts(accounts: readonly Address[], labels: AccountLabels = []) {
  const named = accounts.map((address) => {
    const name = labels.find((labelled) => sameHex(labelled.address, address))?.label;
    const label = name === undefined ? shortenAddress(address) : `${shortenAddress(address)} (${name})`;
    return { address, label, order: name ?? address };
  });
  // Always in the same order: the wallet lists the account in use first, and items that swap places are pressed by mistake.
  return named.sort((a, b) => a.order.localeCompare(b.order, "en", { numeric: true }));
}

/** The accounts to choose from. */
interface AccountItemsProps {
  accounts: readonly Address[];
  /** The account in use. */
  address: Address;
  labels: AccountLabels;
  onSwitchAccount: (address: Address) => void;
}

/** The accounts that the wallet shares with this site, as menu items. */
function AccountItems({ accounts, address, labels, onSwitchAccount }: AccountItemsProps) {
  const options = namedAccounts(accounts, labels).map((account) => ({ value: account.address, label: account.label }));
  function choose(value: string) {
    const chosen = accounts.find((account) => account === value);
    if (chosen) onSwitchAccount(chosen);
  }
  return <MenuChoice value={address} onChange={choose} options={options} />;
}

/** A button with a menu of the accounts that the wallet shares with this site. */
export function AccountChoice(props: AccountItemsProps) {
  const trigger = (
    <Button>
      <span>Switch account</span>
      <ChevronDown aria-hidden className="size-4" />
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      <AccountItems {...props} />
    </Menu>
  );
}

type ConnectedState = Extract<WalletState, { status: "connected" }>;

interface WalletMenuProps {
  state: WalletState;
  chain: Pick<SaleChain, "chainId" | "chainName" | "sandboxAccounts">;
  onSwitchAccount: AccountItemsProps["onSwitchAccount"];
  onSwitchChain: () => void;
  /** For the sandbox's wallet only: moves it to another network, to show that state. */
  onLeaveChain?: () => void;
  onChoose: () => void;
  onDisconnect: () => void;
}

// On a phone the header has no room for the address, so it is in the menu.
const BUTTON =
  "inline-flex h-9 shrink-0 items-center gap-2 rounded-md border border-transparent px-2 text-sm text-text-quiet max-sm:*:data-text:sr-only";

function ShortAddress({ address }: { address: string }) {
  return (
    <span data-text translate="no" className="font-mono whitespace-nowrap">
      {shortenAddress(address)}
    </span>
  );
}

function CopyItem({ address }: { address: string }) {
  const [label, setLabel] = useState("Copy address");
  const announce = useAnnounce();
  async function copy() {
    const copied = await copyText(address);
    setLabel(copied ? "Copied" : "Could not copy");
    announce(copied ? "The wallet address is copied." : "The wallet address could not be copied.");
  }
  return (
    <MenuItem keepOpen onSelect={() => void copy()}>
      {label}
    </MenuItem>
  );
}

function Accounts({
  state,
  ...choice
}: { state: ConnectedState } & Pick<AccountItemsProps, "labels" | "onSwitchAccount">) {
  if (state.accounts.length < 2) return null;
  return (
    <>
      <MenuSeparator />
      <MenuLabel>Account</MenuLabel>
      <AccountItems accounts={state.accounts} address={state.address} {...choice} />
    </>
  );
}

function ConnectedMenu({ state, chain, ...actions }: Omit<WalletMenuProps, "state"> & { state: ConnectedState }) {
  const onSaleChain = state.chainId === chain.chainId;
  const network = onSaleChain ? chain.chainName : "a different network than the sale";
  const trigger = (
    <button
      type="button"
      aria-label={`Wallet ${shortenAddress(state.address)}, on ${network}`}
      className={`${BUTTON} cursor-pointer hover:bg-surface-sunken hover:text-text`}
    >
      <Wallet aria-hidden className={`size-4 ${onSaleChain ? "" : "text-warn"}`} />
      <ShortAddress address={state.address} />
      <ChevronDown aria-hidden className="size-4 max-sm:hidden" />
    </button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuLabel>
        <span translate="no" className="block max-w-60 break-all font-mono text-text">
          {state.address}
        </span>
        <span>{`${state.walletName}, on ${network}`}</span>
      </MenuLabel>
      <CopyItem address={state.address} />
      {!onSaleChain && <MenuItem onSelect={actions.onSwitchChain}>{`Switch to ${chain.chainName}`}</MenuItem>}
      {onSaleChain && actions.onLeaveChain && (
        <MenuItem onSelect={actions.onLeaveChain}>Switch to another network</MenuItem>
      )}
      <Accounts state={state} labels={chain.sandboxAccounts} onSwitchAccount={actions.onSwitchAccount} />
      <MenuSeparator />
      <MenuItem onSelect={actions.onChoose}>Use another wallet</MenuItem>
      <MenuItem onSelect={actions.onDisconnect}>Disconnect wallet</MenuItem>
    </Menu>
  );
}

/** The connected wallet. Nothing while there is none: the journey has the button to connect one. */
export function WalletMenu({ state, ...rest }: WalletMenuProps) {
  if (state.status === "connected") return <ConnectedMenu state={state} {...rest} />;
  if (state.status !== "reconnecting") return null;
  return (
    <span className={`${BUTTON} opacity-70`} aria-busy>
      <Wallet aria-hidden className="size-4" />
      <span className="sr-only">{"Reconnecting wallet "}</span>
      <ShortAddress address={state.address} />
      <ChevronDown aria-hidden className="invisible size-4 max-sm:hidden" />
    </span>
  );
}
