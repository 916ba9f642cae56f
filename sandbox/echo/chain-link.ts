import type { ChainControl } from "../chain/control";
import type { SaleReader } from "../chain/sale-reader";
import { makeCommitment, type Commitment } from "./commitments/commitment-book";

/** Echo's way to the sale's chain, which may be another process's and come or go at any time. */
export class ChainLink {
  private url: string | undefined;

  constructor(
    rpcUrl: string | undefined,
    private readonly now: () => number,
  ) {
    this.url = rpcUrl;
  }

  /** Absent: no chain is known. */
  get rpcUrl(): string | undefined {
    return this.url;
  }

  /**
   * Names the chain, unless one is known. The first one stays: whoever attaches later may see the same node through
   * something that stands in between.
   */
  connect(rpcUrl: string): void {
    this.url ??= rpcUrl;
  }

  /** The controls of the chain, or undefined without one. They reject with viem's errors. */
  async control(): Promise<ChainControl | undefined> {
    if (this.url === undefined) return undefined;
    // Loaded when there is a chain: it is most of what the sandbox weighs.
    const { chainControl } = await import("../chain/control");
    return chainControl(this.url);
  }

  /** The sale's time in Unix seconds: the latest block's, or wall time while no chain answers. */
  async time(): Promise<number> {
    const control = await this.control();
    const wallTime = Math.floor(this.now() / 1000);
    return control ? control.time().catch(() => wallTime) : wallTime;
  }
}

/** What the sale's contract gives for one entity. */
export type ChainCommitment = Awaited<ReturnType<SaleReader["commitments"]>>[number];

/** The API's rows for what is on the chain. An entity that has cancelled, with nothing committed any more, has none. */
function toCommitments(data: readonly ChainCommitment[]): Commitment[] {
  return data.flatMap((entity) => {
    const amounts = entity.amounts.filter(({ amount }) => amount > 0n);
    if (amounts.length === 0) return [];
    const wire = amounts.map(({ wallet, token, amount }) => ({
      Wallet: wallet,
      Token: token,
      Amount: amount.toString(),
    }));
    const createdAt = Number(entity.timestamp) * 1000;
    return [makeCommitment(entity.saleSpecificEntityID, wire, createdAt, entity.price)];
  });
}

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
