"use client";

import { ChevronDown } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { AccountItems, type AccountItemsProps } from "@/components/wallet/account-items";

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
