import type { ChainControl } from "../../chain/control";

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
    const { chainControl } = await import("../../chain/control");
    return chainControl(this.url);
  }

  /** The sale's time in Unix seconds: the latest block's, or wall time while no chain answers. */
  async time(): Promise<number> {
    const control = await this.control();
    const wallTime = Math.floor(this.now() / 1000);
    return control ? control.time().catch(() => wallTime) : wallTime;
  }
}
