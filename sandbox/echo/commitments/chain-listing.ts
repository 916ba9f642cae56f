import type { ChainLink } from "../chain/chain-link";
import { toCommitments } from "./chain-commitments";
import type { Commitment } from "./commitment";

/** Seconds for which Echo lists what it has seen on the chain before it looks again. The real one's are about 60. */
export const DEFAULT_LISTING_DELAY = 5;

/** The chain's commitments as Echo lists them: a while behind. */
export class ChainListing {
  /** Seconds; with 0 every read looks at the chain. */
  delay = DEFAULT_LISTING_DELAY;
  private last: { commitments: readonly Commitment[]; at: number } | undefined;

  constructor(
    private readonly chain: ChainLink,
    private readonly now: () => number,
  ) {}

  /** Without a chain, or before one has answered, none; while it does not answer, those it had. */
  async read(): Promise<readonly Commitment[]> {
    const at = this.now();
    if (this.last && at - this.last.at < this.delay * 1000) return this.last.commitments;
    const control = await this.chain.control();
    const commitments = await control?.reader.commitments().then(toCommitments, () => undefined);
    if (commitments) this.last = { commitments, at };
    return this.last?.commitments ?? [];
  }

  /** As just started. */
  reset(): void {
    this.delay = DEFAULT_LISTING_DELAY;
    this.forget();
  }

  /** The next read looks at the chain. */
  forget(): void {
    this.last = undefined;
  }
}
