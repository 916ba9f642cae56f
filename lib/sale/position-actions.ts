import { shortenAddress } from "@/lib/sale/amounts";
import type { SalePhase } from "@/lib/sale/phase";
import type { Position } from "@/lib/sale/position";

type Address = `0x${string}`;

/** What an entity can do about its position now. `problem`: why the connected wallet is not the one that can do it. */
export type PositionAction =
  | { kind: "none" }
  | { kind: "cancel" | "claim-refund"; problem?: string }
  /** The operator sends it; nobody has to do anything. */
  | { kind: "refund-automatic" };

/** What decides it. */
export interface PositionActionInput {
  phase: SalePhase["kind"];
  position: Position;
  claimRefundEnabled: boolean;
  /** The connected wallet, if it is on the sale's chain. */
  wallet?: Address;
}

/** The wallets that have committed for the entity, each once. */
function positionWallets({ rows }: Pick<Position, "rows">): Address[] {
  return [...new Map(rows.map(({ wallet }) => [wallet.toLowerCase(), wallet])).values()];
}

/** The contract takes cancellations and claims from the wallets of the entity only (sonar.md 4.8); it knows no others. */
function walletProblem({ position, wallet }: PositionActionInput): { problem?: string } {
  const wallets = positionWallets(position);
  if (wallets.some((own) => own.toLowerCase() === wallet?.toLowerCase())) return {};
  const names = wallets.map(shortenAddress).join(", ");
  if (wallet === undefined) return { problem: `Connect one of this entity's wallets on the sale's network: ${names}.` };
  return { problem: `Switch to one of this entity's wallets: ${names}.` };
}

/** Which way back is open for this position. After a refund nothing is left to claim, although the contract still shows amounts. */
export function positionAction(input: PositionActionInput): PositionAction {
  const { phase, position, claimRefundEnabled } = input;
  if (position.total.refundable === 0n) return { kind: "none" };
  if (phase === "cancellation" && position.state === "committed") return { kind: "cancel", ...walletProblem(input) };
  if (phase !== "done") return { kind: "none" };
  return claimRefundEnabled ? { kind: "claim-refund", ...walletProblem(input) } : { kind: "refund-automatic" };
}
