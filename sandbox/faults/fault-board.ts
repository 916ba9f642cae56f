import { EVERY_ENDPOINT } from "./fault";
import type { Fault } from "./fault";

/** The faults that are switched on: at most one per endpoint and one for all. */
export class FaultBoard {
  private readonly faults = new Map<string, Fault>();

  /** Switches a fault on, in place of the endpoint's earlier one. */
  set(fault: Fault): void {
    this.faults.set(fault.endpoint, fault);
  }

  /** Switches off one endpoint's fault, or all of them. */
  clear(endpoint?: string): void {
    if (endpoint === undefined) this.faults.clear();
    else this.faults.delete(endpoint);
  }

  list(): Fault[] {
    return [...this.faults.values()];
  }

  /** The fault for this request, counted down. The endpoint's own goes before the one for all. */
  take(endpoint: string, coveredByAll: boolean): Fault | undefined {
    const fault = this.faults.get(endpoint) ?? (coveredByAll ? this.faults.get(EVERY_ENDPOINT) : undefined);
    if (fault?.times === undefined) return fault;
    const left = fault.times - 1;
    if (left > 0) this.faults.set(fault.endpoint, { ...fault, times: left });
    else this.faults.delete(fault.endpoint);
    return fault;
  }
}
