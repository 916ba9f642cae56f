import { failure } from "@/lib/result";
import type { SalePhase } from "@/lib/sale/phase";
import type { Position, PositionAmounts, PositionState } from "@/lib/sale/position";
import { describeReadiness } from "@/lib/sale/purchase-readiness";
import type { PurchaseView } from "@/lib/sale/purchase-view";

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** A position of 250 units in a token of 6 decimals, with whatever a test needs to be otherwise. */
export function somePosition(state: PositionState, changes: Partial<PositionAmounts> = {}): Position {
  const committed = state === "none" || state === "cancelled" ? 0n : 250_000_000n;
  const total = { committed, cancelled: 0n, accepted: 0n, refundable: committed, returned: 0n, ...changes };
  return { state, bid: { lockup: false, price: 0n, amount: committed }, total, rows: [] };
}

/** A purchase that only waits for an amount, with whatever a test needs to be otherwise. */
export function somePurchase(changes: Partial<PurchaseView> = {}): PurchaseView {
  return {
    chain: { chainId: 31337, chainName: "Sandbox chain" },
    sale: { status: "ready", value: { phase: { kind: "open" }, claimRefundEnabled: false } },
    wallet: { status: "connected", address: WALLET, chainId: 31337, walletName: "Sandbox wallet", accounts: [WALLET] },
    position: { status: "ready", value: somePosition("none") },
    check: { status: "ready", value: { ready: true } },
    pending: false,
    canCommit: true,
    ...changes,
  };
}

/** The view of a sale in a phase. */
export function saleIn(phase: SalePhase, claimRefundEnabled = false): Pick<PurchaseView, "sale"> {
  return { sale: { status: "ready", value: { phase, claimRefundEnabled } } };
}

const FAILURES = [failure("api/network_error", { reason: "timeout" }), failure("config/missing")];

const PHASES: readonly SalePhase[] = [
  ...(["not-open", "commitment", "closed", "paused", "cancellation", "settlement", "done"] as const).map((kind) => ({
    kind,
  })),
  { kind: "opens-later", opensAt: 1_800_000_000n, secondsLeft: 60n },
  { kind: "open", closesAt: 1_800_000_000n, secondsLeft: 60n },
];

const SALES: readonly PurchaseView["sale"][] = [
  { status: "loading" },
  ...FAILURES.map((cause) => ({ status: "failed" as const, failure: cause })),
  ...[true, false].flatMap((claim) => PHASES.map((phase) => saleIn(phase, claim).sale)),
];

const WALLETS: readonly PurchaseView["wallet"][] = [
  { status: "none" },
  { status: "reconnecting", address: WALLET },
  { status: "connecting", walletName: "Sandbox wallet" },
  { status: "connected", address: WALLET, chainId: 1, walletName: "Sandbox wallet", accounts: [WALLET] },
  somePurchase().wallet,
];

const POSITIONS: readonly PurchaseView["position"][] = [
  { status: "loading" },
  ...FAILURES.map((cause) => ({ status: "failed" as const, failure: cause })),
  ...(["none", "committed", "cancelled", "settled", "refunded"] as const).map((state) => ({
    status: "ready" as const,
    value: somePosition(state),
  })),
];

const REFUSED = describeReadiness({ ReadyToPurchase: false, FailureReason: "wallet-risk", LivenessCheckURL: "" });

const CHECKS: readonly PurchaseView["check"][] = [
  { status: "loading" },
  ...FAILURES.map((cause) => ({ status: "failed" as const, failure: cause })),
  { status: "ready", value: { ready: true } },
  { status: "ready", value: REFUSED },
];

/** Every combination of what a purchase can look like. */
export const EVERY_PURCHASE: readonly PurchaseView[] = SALES.flatMap((sale) =>
  WALLETS.flatMap((wallet) =>
    POSITIONS.flatMap((position) =>
      CHECKS.flatMap((check) =>
        [true, false].map((pending) => somePurchase({ sale, wallet, position, check, pending })),
      ),
    ),
  ),
);
