import type { Address } from "viem";
import type { PaymentToken } from "@/lib/sale/sale-state";

interface TokenChoiceProps {
  tokens: readonly PaymentToken[];
  chosen: PaymentToken;
  onChoose: (token: Address) => void;
  disabled?: boolean;
}

/** With which token to pay. Says which of them takes one transaction and which two. */
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
            {token.symbol}
          </label>
        ))}
      </div>
      <p className="text-sm text-text-quiet">
        {chosen.permit
          ? `${chosen.symbol} takes one signature and one transaction.`
          : `${chosen.symbol} has to be approved first: two transactions, or three after an earlier approval.`}
      </p>
    </fieldset>
  );
}
