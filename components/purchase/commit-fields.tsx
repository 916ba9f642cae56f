import type { Address } from "viem";
import type { Ref } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { amountFieldText } from "@/lib/purchase/amount";
import type { QuickAmount } from "@/lib/purchase/draft";
import { formatTokenAmount } from "@/lib/sale/money";
import type { PaymentToken } from "@/lib/sale/state";

interface TokenChoiceProps {
  tokens: readonly PaymentToken[];
  chosen: PaymentToken;
  onChoose: (token: Address) => void;
  disabled?: boolean;
}

/** The unit of the amount; where the sale takes several tokens, the choice of the one to pay with. */
function TokenChoice({ tokens, chosen, onChoose, disabled = false }: TokenChoiceProps) {
  if (tokens.length < 2) return <span translate="no">{chosen.symbol}</span>;
  return (
    <fieldset disabled={disabled} className="flex gap-1">
      <legend className="sr-only">Pay with</legend>
      {tokens.map((token) => (
        <label
          key={token.address}
          className="relative flex min-h-9 cursor-pointer items-center rounded-md border border-transparent px-2 text-sm has-checked:border-control has-checked:bg-surface-sunken has-checked:font-medium has-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-accent forced-colors:has-checked:outline-2"
        >
          <input
            type="radio"
            name="payment-token"
            className="absolute inset-0 cursor-pointer appearance-none rounded-md outline-none"
            checked={token.address === chosen.address}
            onChange={() => onChoose(token.address)}
          />
          <span translate="no">{token.symbol}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface QuickAmountsProps {
  amounts: readonly QuickAmount[];
  token: PaymentToken;
  onChoose: (amount: string) => void;
}

/** Parts of what can be added, to fill in with one press. Their exact amounts are in their names for screen readers and on hover. */
function QuickAmounts({ amounts, token, onChoose }: QuickAmountsProps) {
  return (
    <div role="group" aria-label="Quick amounts" className="flex flex-wrap gap-x-3">
      {amounts.map(({ label, amount }) => {
        const exact = formatTokenAmount(amount, token);
        return (
          <Button
            key={label}
            variant="quiet"
            aria-label={`${label}: ${exact}`}
            title={exact}
            onClick={() => onChoose(amountFieldText(amount, token.decimals))}
          >
            {label}
          </Button>
        );
      })}
    </div>
  );
}

interface AmountFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  tokens: readonly PaymentToken[];
  token: PaymentToken;
  onToken: (token: Address) => void;
  /** The wallet's balance in smallest units; absent while it is not known. */
  balance?: bigint;
  /** The least that can be added. */
  min: bigint;
  quick: readonly QuickAmount[];
  error?: string;
  readOnly?: boolean;
  field?: Ref<HTMLInputElement>;
}

/** A minimum of one smallest unit is no minimum for a person. */
function hintText({ token, balance, min }: AmountFieldProps): string {
  const held = balance !== undefined && `Balance ${formatTokenAmount(balance, token)}`;
  const least = min > 1n && `Minimum ${formatTokenAmount(min, token)}`;
  return [held, least].filter((part) => part !== false).join(" · ");
}

/** The amount to commit. It accepts any way of writing a number; the field is text, because number inputs round and drop commas. */
export function AmountField(props: AmountFieldProps) {
  const { label, value, onChange, tokens, token, onToken, quick, error, readOnly = false, field } = props;
  return (
    <Field
      ref={field}
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      inputMode="decimal"
      autoComplete="off"
      placeholder="0.00"
      readOnly={readOnly}
      suffix={<TokenChoice tokens={tokens} chosen={token} onChoose={onToken} disabled={readOnly} />}
      hint={hintText(props)}
      error={error}
      control={quick.length > 0 && !readOnly && <QuickAmounts amounts={quick} token={token} onChoose={onChange} />}
    />
  );
}

interface LockupFieldProps {
  /** The reason for having no choice; absent if there is one. */
  given?: "forced" | "already-on";
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

const GIVEN = {
  forced: "The tokens you receive will be locked up. This sale requires it for your entity.",
  "already-on":
    "The tokens you receive will be locked up. Your commitment already has a lockup, which cannot be removed.",
};

/** The choice of a lockup, or the reason for having none. */
export function LockupField({ given, checked, onChange, disabled = false }: LockupFieldProps) {
  if (given) return <p className="text-sm text-text-quiet">{GIVEN[given]}</p>;
  return (
    <label className="flex min-h-9 cursor-pointer items-start gap-3">
      <input
        type="checkbox"
        className="mt-1 size-4 shrink-0 accent-accent"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        <span>Lock up the tokens I receive</span>
        <span className="block text-sm text-text-quiet">
          Optional. Once you commit with a lockup, you cannot remove it.
        </span>
      </span>
    </label>
  );
}
