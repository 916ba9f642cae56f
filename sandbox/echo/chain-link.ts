import type { ChainControl } from "../chain/control";
import type { SaleReader } from "../chain/sale-reader";
import { makeCommitment, type Commitment } from "./commitments/commitment-book";

/** Echo's connection to the sale's chain, which may belong to another process and start or stop at any time. */
export class ChainLink {
  private url: string | undefined;
  /** The latest reset of the chain, which never rejects. Another object after each, so that a read can tell that one came in between. */
  private lastReset: Promise<unknown> = Promise.resolve();

  constructor(
    rpcUrl: string | undefined,
    private readonly now: () => number,
  ) {
    this.url = rpcUrl;
  }

  /** Undefined while no chain is known. */
  get rpcUrl(): string | undefined {
    return this.url;
  }

  /**
   * Sets the chain if none is known. The first one stays, because a later process may reach the same node by another
   * address.
   */
  connect(rpcUrl: string): void {
    this.url ??= rpcUrl;
  }

  /** The controls of the chain; undefined without one. They reject with viem's errors. */
  async control(): Promise<ChainControl | undefined> {
    if (this.url === undefined) return undefined;
    // Loaded only with a chain: it is the largest part of the sandbox.
    const { chainControl } = await import("../chain/control");
    return chainControl(this.url);
  }

  /** Restores the state of a new chain; nothing without one. Rejects with viem's errors. */
  async reset(): Promise<void> {
    const control = await this.control();
    const reset = control?.reset();
    this.lastReset = Promise.allSettled([reset]);
    await reset;
  }

  /** Reads the chain after a reset that is under way, and again after one that took the read block away. */
  async read<T>(read: () => Promise<T>): Promise<T> {
    const { lastReset } = this;
    await lastReset;
    try {
      return await read();
    } catch (error) {
      if (this.lastReset === lastReset) throw error;
      return this.read(read);
    }
  }

  /** The sale's time in Unix seconds: the latest block's, or wall time while no chain answers. */
  async time(): Promise<number> {
    const control = await this.control();
    const wallTime = Math.floor(this.now() / 1000);
    return control ? control.time().catch(() => wallTime) : wallTime;
  }
}

/** The commitment of one entity, as the sale's contract returns it. */
export type ChainCommitment = Awaited<ReturnType<SaleReader["commitments"]>>[number];

/** The API's rows for the commitments on the chain. An entity that has cancelled everything has no row. */
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

/** Seconds between two reads of the chain. With the real Echo it is about 60. */
export const DEFAULT_LISTING_DELAY = 5;

/** The chain's commitments as Echo lists them, with a delay. */
export class ChainListing {
  /** In seconds; with 0, every read reads the chain. */
  delay = DEFAULT_LISTING_DELAY;
  private last: { commitments: readonly Commitment[]; at: number } | undefined;

  constructor(
    private readonly chain: ChainLink,
    private readonly now: () => number,
  ) {}

  /** Empty without a chain, or before one has answered; the last known ones while the chain does not answer. */
  async read(): Promise<readonly Commitment[]> {
    const at = this.now();
    if (this.last && at - this.last.at < this.delay * 1000) return this.last.commitments;
    const control = await this.chain.control();
    const commitments = await control?.reader.commitments().then(toCommitments, () => undefined);
    if (commitments) this.last = { commitments, at };
    return this.last?.commitments ?? [];
  }

  /** Restores the initial state. */
  reset(): void {
    this.delay = DEFAULT_LISTING_DELAY;
    this.forget();
  }

  /** Makes the next read use the chain. */
  forget(): void {
    this.last = undefined;
  }
}
