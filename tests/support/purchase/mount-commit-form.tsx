import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState, type ComponentProps } from "react";
import { vi } from "vitest";
import { CommitForm } from "@/components/purchase/commit-form";
import { EMPTY_DRAFT, type CommitTerms } from "@/lib/purchase/draft";
import type { OrderFacts } from "@/lib/purchase/preview";
import type { PaymentToken } from "@/lib/sale/state";
import { someReadPermit } from "@/tests/support/purchase/some-purchase";

/** A token whose payments can be signed. */
export const USDC: PaymentToken = {
  address: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  symbol: "USDC",
  decimals: 6,
  permit: { name: "USD Coin", version: "2" },
};
/** A token that has to be approved. */
export const USDT: PaymentToken = {
  address: "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512",
  symbol: "USDT",
  decimals: 6,
};

const TERMS: CommitTerms = {
  permit: { permit: someReadPermit(), forcedLockup: false },
  current: { amount: 0n, lockup: false, price: 0n },
  refunded: false,
  token: USDC,
  funds: { token: 10_000_000_000n, native: 1n },
  nativeSymbol: "ETH",
  now: 1_800_000_000n,
};

const FACTS: OrderFacts = {
  price: { kind: "fixed", price: { numerator: 215n, denominator: 10_000n } },
  offered: { symbol: "ACME", decimals: 18 },
  wallet: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  contract: "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0",
  entityName: "Ada Lovelace",
  funding: { allowance: 0n, isContractWallet: false, canSign: true },
  fees: { coin: { symbol: "ETH", decimals: 18 }, gasPrice: 1_000_000_000n },
  tokens: [USDC],
  rows: [],
};

type FormProps = Partial<Pick<ComponentProps<typeof CommitForm>, "busy" | "consent">>;

/** Renders the form with a draft of its own, as its container keeps one. */
export function renderForm(terms: Partial<CommitTerms> = {}, facts: Partial<OrderFacts> = {}, props: FormProps = {}) {
  const onCommit = vi.fn();
  function Form() {
    const [draft, setDraft] = useState(EMPTY_DRAFT);
    const shown = { ...props, draft, onDraft: setDraft, onCommit };
    return <CommitForm {...shown} terms={{ ...TERMS, ...terms }} facts={{ ...FACTS, ...facts }} />;
  }
  render(<Form />);
  return { onCommit, user: userEvent.setup() };
}
