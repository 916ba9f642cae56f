import type { KeyboardEvent } from "react";
import { Minus, Plus } from "lucide-react";
import { StandingNote } from "@/components/purchase/standing-note";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import type { CommitTerms } from "@/lib/purchase/draft";
import { formatPrice, steppedPrice, type PriceRange, type PriceTick } from "@/lib/purchase/price";
import { AUCTION_RULE, type BidStanding } from "@/lib/purchase/standing";

interface PriceFieldProps {
  terms: CommitTerms;
  tick: PriceTick;
  /** In ticks: where a stepper begins whose field is empty, e.g. the clearing price. */
  start?: bigint;
  value: string;
  onChange: (price: string) => void;
  readOnly: boolean;
  error?: string;
}

function priceHint({ permit: { permit } }: CommitTerms, tick: PriceTick): string {
  const highest = formatPrice(permit.maxPrice, tick);
  const range =
    permit.minPrice === 0n ? `Up to ${highest}` : `From ${formatPrice(permit.minPrice, tick)} to ${highest}`;
  return `${range}, in steps of ${formatPrice(1n, tick)}.`;
}

/** The contract refuses a price below the standing one, and a price of nothing is none. */
function rangeOf({ permit: { permit }, current }: CommitTerms): PriceRange {
  const floors = [1n, permit.minPrice, current.amount > 0n ? current.price : 0n];
  return { lowest: floors.reduce((most, floor) => (floor > most ? floor : most)), highest: permit.maxPrice };
}

const ARROWS: Partial<Record<string, 1 | -1>> = { ArrowUp: 1, ArrowDown: -1 };

function StepButton({ Icon, label, onStep }: { Icon: typeof Plus; label: string; onStep: () => void }) {
  return (
    <Button aria-label={label} onClick={onStep}>
      <Icon aria-hidden className="size-4" />
    </Button>
  );
}

/** The price of a bid: typed, or moved along the sale's price steps with the buttons and the arrow keys. */
export function PriceField({ terms, tick, start, value, onChange, readOnly, error }: PriceFieldProps) {
  const range = rangeOf(terms);
  const rules = { decimalMark: terms.decimalMark, unit: terms.token.symbol };
  const step = (direction: 1 | -1) =>
    onChange(steppedPrice(value, direction, { tick, range, start: start ?? range.lowest, rules }));

  function onKeyDown(event: KeyboardEvent) {
    const direction = ARROWS[event.key];
    if (direction === undefined || readOnly || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(direction);
  }

  return (
    <Field
      label="Bid price"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
      inputMode="decimal"
      autoComplete="off"
      readOnly={readOnly}
      error={error}
      hint={priceHint(terms, tick)}
      suffix={<span translate="no">{terms.token.symbol}</span>}
      control={
        <div className="flex gap-2">
          <StepButton Icon={Minus} label="One price step lower" onStep={() => !readOnly && step(-1)} />
          <StepButton Icon={Plus} label="One price step higher" onStep={() => !readOnly && step(1)} />
        </div>
      }
    />
  );
}

interface AuctionNoteProps {
  /** Absent while no bid is valid, or no clearing price is known. */
  standing?: BidStanding;
  /** The time of the estimate, e.g. "20 Dec 2026, 18:00 UTC". */
  estimatedAt?: string;
}

/** The auction's rule, and the place of the typed bid. It keeps its height while somebody types. */
export function AuctionNote({ standing, estimatedAt }: AuctionNoteProps) {
  return (
    <div className="grid content-start gap-1">
      <p className="text-sm text-text-quiet">
        {estimatedAt === undefined ? AUCTION_RULE : `${AUCTION_RULE} The price was estimated on ${estimatedAt}.`}
      </p>
      <div className="min-h-10">{standing && <StandingNote standing={standing} />}</div>
    </div>
  );
}
