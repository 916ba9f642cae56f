import { ArrowDown, ArrowUp, Equal } from "lucide-react";
import { STANDING_WORDS, type BidStanding } from "@/lib/purchase/standing";

const STANDING_LOOKS: Record<BidStanding, { Icon: typeof Equal; colour: string }> = {
  above: { Icon: ArrowUp, colour: "text-ok" },
  at: { Icon: Equal, colour: "text-warn" },
  below: { Icon: ArrowDown, colour: "text-bad" },
};

/** A bid's place beside the clearing price, in words with an icon; never only by colour. For a bid that is typed, and for one that stands. */
export function StandingNote({ standing }: { standing: BidStanding }) {
  const { Icon, colour } = STANDING_LOOKS[standing];
  const { title, meaning } = STANDING_WORDS[standing];
  return (
    <p className="flex gap-2 text-sm">
      <Icon aria-hidden className={`mt-0.5 size-[16px] shrink-0 ${colour}`} />
      <span>
        <span className="font-medium">{`${title} `}</span>
        <span className="text-text-quiet">{meaning}</span>
      </span>
    </p>
  );
}
