/**
 * Uses that are limited between two resets, for one address and for all together, so that neither a script nor a crowd can fill the demo's
 * memory. The addresses that are remembered are no more than the uses that are allowed.
 */
export class Quota {
  private readonly byAddress = new Map<string, number>();
  private total = 0;

  constructor(private readonly most: { readonly perAddress: number; readonly inTotal: number }) {}

  /** Counts `uses` if they are within both limits; otherwise counts nothing and returns false. */
  take(address: string, uses = 1): boolean {
    const count = (this.byAddress.get(address) ?? 0) + uses;
    if (count > this.most.perAddress || this.total + uses > this.most.inTotal) return false;
    this.byAddress.set(address, count);
    this.total += uses;
    return true;
  }

  /** Starts anew. */
  clear(): void {
    this.byAddress.clear();
    this.total = 0;
  }
}
