import type { Address } from "viem";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { amountFieldText } from "@/lib/purchase/amount";
import { formatTokenAmount } from "@/lib/sale/money";
import type { PaymentToken } from "@/lib/sale/state";

interface AmountFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  token: PaymentToken;
  /** The wallet's balance in smallest units; absent while it is not known. */
  balance?: bigint;
  /** The least and the most that can be added, the balance included. Without `max`, it is not known and none is offered. */
  min: bigint;
  max?: bigint;
  error?: string;
  readOnly?: boolean;
}

/** A minimum of one smallest unit is no minimum for a person. */
function hintText({ token, balance, min }: AmountFieldProps): string {
  const held = balance !== undefined && `Balance ${formatTokenAmount(balance, token)}`;
  const least = min > 1n && `Minimum ${formatTokenAmount(min, token)}`;
  return [held, least].filter((part) => part !== false).join(" · ");
}

/** The amount to commit. It accepts any way of writing a number; the field is text, because number inputs round and drop commas. */
export function AmountField(props: AmountFieldProps) {
  const { label, value, onChange, token, min, max, error, readOnly = false } = props;
  return (
    <Field
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      inputMode="decimal"
      autoComplete="off"
      placeholder="0.00"
      readOnly={readOnly}
      suffix={<span translate="no">{token.symbol}</span>}
      hint={hintText(props)}
      error={error}
      control={
        max !== undefined &&
        max >= min &&
        !readOnly && (
          <Button variant="quiet" onClick={() => onChange(amountFieldText(max, token.decimals))}>
            <span translate="no">{`Max ${formatTokenAmount(max, token)}`}</span>
          </Button>
        )
      }
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

/** The number of transactions that paying with a token takes, which its signed approvals (EIP-2612) decide. */
export function PaymentHint({ token }: { token: PaymentToken }) {
  return (
    <p className="text-sm text-text-quiet">
      {token.permit
        ? `${token.symbol} needs one signature and one transaction.`
        : `${token.symbol} needs an approval first: two transactions, or three if an old approval must be reset.`}
    </p>
  );
}

interface TokenChoiceProps {
  tokens: readonly PaymentToken[];
  chosen: PaymentToken;
  onChoose: (token: Address) => void;
  disabled?: boolean;
}

/** The choice of the token to pay with. It says how many transactions each takes. */
export function TokenChoice({ tokens, chosen, onChoose, disabled = false }: TokenChoiceProps) {
  return (
    <fieldset disabled={disabled} className="grid gap-2">
      <legend className="mb-2 font-medium">Pay with</legend>
      <div className="flex flex-wrap gap-2">
        {tokens.map((token) => (
          <label
            key={token.address}
            className="flex min-h-11 cursor-pointer items-center gap-2 rounded-md border border-control px-4 has-checked:border-accent has-checked:outline-1 has-checked:outline-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name="payment-token"
              className="accent-accent"
              checked={token.address === chosen.address}
              onChange={() => onChoose(token.address)}
            />
            <span translate="no">{token.symbol}</span>
          </label>
        ))}
      </div>
      <PaymentHint token={chosen} />
    </fieldset>
  );
}
