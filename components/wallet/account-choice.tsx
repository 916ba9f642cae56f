"use client";

import type { Address } from "viem";
import { ChevronDown } from "lucide-react";
import { MenuChoice, Menu } from "@/components/ui/menu";
import { shortenAddress } from "@/lib/sale/hex";
import { Button } from "@/components/ui/button";

/** The accounts to choose among. */
export interface AccountItemsProps {
  accounts: readonly Address[];
  /** The one in use. */
  address: Address;
  onSwitchAccount: (address: Address) => void;
}

/** The accounts that the wallet shares with this site, as menu items. */
export function AccountItems({ accounts, address, onSwitchAccount }: AccountItemsProps) {
  // Always in one order: the wallet puts the one in use first, and items that trade places are pressed by mistake.
  const options = accounts.toSorted().map((account) => ({ value: account, label: shortenAddress(account) }));
  function choose(value: string) {
    const chosen = accounts.find((account) => account === value);
    if (chosen) onSwitchAccount(chosen);
  }
  return <MenuChoice value={address} onChange={choose} options={options} />;
}

/** The other accounts that the wallet shares with this site, at a button. */
export function AccountChoice(props: AccountItemsProps) {
  const trigger = (
    <Button>
      Switch account
      <ChevronDown aria-hidden className="size-4" />
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      <AccountItems {...props} />
    </Menu>
  );
}
