import { amountFieldText } from "@/lib/sale/parse-amount";
import type { PaymentToken } from "@/lib/sale/sale-state";
import { formatTokenAmount } from "@/lib/sale/token";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";

interface AmountFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  token: PaymentToken;
  /** Smallest units. What the wallet holds; absent while it is not known. */
  balance?: bigint;
  /** What can be added at the least and at the most, the balance counted in. No `max`: not known, and none is offered. */
  min: bigint;
  max?: bigint;
  error?: string;
  readOnly?: boolean;
}

/** A minimum of one smallest unit is none. */
function hintText({ token, balance, min }: AmountFieldProps): string {
  const held = balance !== undefined && `Balance ${formatTokenAmount(balance, token)}`;
  const least = min > 1n && `Minimum ${formatTokenAmount(min, token)}`;
  return [held, least].filter((part) => part !== false).join(" · ");
}

/** How much to commit. Any way of writing a number is taken; the field is text, because number inputs round and drop commas. */
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
      suffix={token.symbol}
      hint={hintText(props)}
      error={error}
      control={
        max !== undefined &&
        max >= min &&
        !readOnly && (
          <Button variant="quiet" onClick={() => onChange(amountFieldText(max, token.decimals))}>
            Max {formatTokenAmount(max, token)}
          </Button>
        )
      }
    />
  );
}
