import {
  EntitySetupState,
  EntityType,
  InvestingRegion,
  SaleEligibility,
  type BasicPermitV3,
} from "@echoxyz/sonar-core";
import { readPermit, type PurchasePermit } from "@/lib/purchase/permit";
import type { Position, PositionAmounts, PositionRow, PositionState } from "@/lib/purchase/position";
import type { PurchaseState } from "@/lib/purchase/purchase-state";
import { describeReadiness } from "@/lib/purchase/readiness";
import { failure } from "@/lib/result";
import type { SalePhase } from "@/lib/sale/phase";
import type { PaymentToken, SaleChain } from "@/lib/sale/state";
import type { SonarEntity } from "@/lib/sonar/entity";

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** The sale's chain and contract, without a node. */
export const someChain: SaleChain = {
  chainId: 31337,
  chainName: "Sandbox",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  contract: "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0",
  rpcUrls: [],
  sandboxWallet: true,
};

/** A position of 250 units in a token of 6 decimals, with the changes that a test needs. */
export function somePosition(state: PositionState, changes: Partial<PositionAmounts> = {}): Position {
  const committed = state === "none" || state === "cancelled" ? 0n : 250_000_000n;
  const total = { committed, cancelled: 0n, accepted: 0n, refundable: committed, returned: 0n, ...changes };
  return { state, bid: { lockup: false, price: 0n, amount: committed }, total, rows: [], wallets: [] };
}

/** A purchase that only waits for an amount, with the changes that a test needs. */
export function somePurchase(changes: Partial<PurchaseState> = {}): PurchaseState {
  return {
    chain: { chainId: 31337, chainName: "Sandbox chain" },
    sale: {
      status: "ready",
      value: { phase: { kind: "open" }, claimRefundEnabled: false, reduceCommitmentEnabled: false },
    },
    wallet: { status: "connected", address: WALLET, chainId: 31337, walletName: "Sandbox wallet", accounts: [WALLET] },
    position: { status: "ready", value: somePosition("none") },
    check: { status: "ready", value: { ready: true } },
    pending: false,
    canCommit: true,
    ...changes,
  };
}

/** The view of a sale in a phase. */
export function saleIn(
  phase: SalePhase,
  claimRefundEnabled = false,
  reduceCommitmentEnabled = false,
): Pick<PurchaseState, "sale"> {
  return { sale: { status: "ready", value: { phase, claimRefundEnabled, reduceCommitmentEnabled } } };
}

const FAILURES = [failure("api/network_error", { reason: "timeout" }), failure("config/missing")];

const PHASES: readonly SalePhase[] = [
  ...(
    ["not-open", "commitment", "closed", "paused", "paused-by-site", "cancellation", "settlement", "done"] as const
  ).map((kind) => ({ kind })),
  { kind: "opens-later", opensAt: 1_800_000_000n, secondsLeft: 60n },
  { kind: "open", closesAt: 1_800_000_000n, secondsLeft: 60n },
];

const SALES: readonly PurchaseState["sale"][] = [
  { status: "loading" },
  ...FAILURES.map((cause) => ({ status: "failed" as const, failure: cause })),
  ...[true, false].flatMap((claim) => PHASES.map((phase) => saleIn(phase, claim).sale)),
];

const WALLETS: readonly PurchaseState["wallet"][] = [
  { status: "none" },
  { status: "reconnecting", address: WALLET },
  { status: "connecting", walletName: "Sandbox wallet" },
  { status: "connected", address: WALLET, chainId: 1, walletName: "Sandbox wallet", accounts: [WALLET] },
  somePurchase().wallet,
];

const POSITIONS: readonly PurchaseState["position"][] = [
  { status: "loading" },
  ...FAILURES.map((cause) => ({ status: "failed" as const, failure: cause })),
  ...(["none", "committed", "cancelled", "settled", "refunded"] as const).map((state) => ({
    status: "ready" as const,
    value: somePosition(state),
  })),
];

const REFUSED = describeReadiness({ ReadyToPurchase: false, FailureReason: "wallet-risk", LivenessCheckURL: "" });

const CHECKS: readonly PurchaseState["check"][] = [
  { status: "loading" },
  ...FAILURES.map((cause) => ({ status: "failed" as const, failure: cause })),
  { status: "ready", value: { ready: true } },
  { status: "ready", value: REFUSED },
];

/** Every combination of states of a purchase. */
export const EVERY_PURCHASE: readonly PurchaseState[] = SALES.flatMap((sale) =>
  WALLETS.flatMap((wallet) =>
    POSITIONS.flatMap((position) =>
      CHECKS.flatMap((check) =>
        [true, false].map((pending) => somePurchase({ sale, wallet, position, check, pending })),
      ),
    ),
  ),
);

/** An eligible individual, with the changes that a test needs. */
export function someEntity(changes: Partial<SonarEntity> = {}): SonarEntity {
  return {
    Label: "Ada Lovelace",
    EntityID: "AUX-1",
    SaleSpecificEntityID: "0x11111111111111111111111111111111",
    EntityType: EntityType.USER,
    EntitySetupState: EntitySetupState.COMPLETE,
    SaleEligibility: SaleEligibility.ELIGIBLE,
    InvestingRegion: InvestingRegion.OTHER,
    Pending: false,
    ...changes,
  };
}

/** The permit of the test vector in sonar.md 4.4 as Echo's API sends it, with the changes that a test needs. */
export function somePermit(changes: Partial<BasicPermitV3> = {}): BasicPermitV3 {
  return {
    SaleSpecificEntityID: "0x11111111111111111111111111111111",
    SaleUUID: "0x1234567890abcdef1234567890abcdef",
    Wallet: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    ExpiresAt: 4_102_444_800,
    MinAmount: "1000000",
    MaxAmount: "5000000000",
    MinPrice: 0,
    MaxPrice: 0,
    OpensAt: 0,
    ClosesAt: 4_102_444_800,
    Payload: `0x${"0".repeat(64)}`,
    ...changes,
  };
}

/** The same for the contract. */
export function someReadPermit(changes: Partial<BasicPermitV3> = {}): PurchasePermit {
  const read = readPermit(somePermit(changes));
  if (!read.ok) throw new Error(read.problem.sentence);
  return read.value.permit;
}

/** A wallet of the entity. */
export const ANN: `0x${string}` = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
export const BEN: `0x${string}` = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
export const USDC: PaymentToken = {
  address: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  symbol: "USDC",
  decimals: 6,
};
export const USDT: PaymentToken = {
  address: "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512",
  symbol: "USDT",
  decimals: 6,
};
/** The tokens that the sale accepts. */
export const TOKENS = [USDC, USDT];

/** Ann's or Ben's commitment in one token. */
export function rowOf(who: "ann" | "ben", token: PaymentToken, refundable: bigint): PositionRow {
  const wallet = who === "ann" ? ANN : BEN;
  return { wallet, token: token.address, committed: refundable, cancelled: 0n, accepted: 0n, refundable, returned: 0n };
}

/** The position of an entity with two wallets, each with its own token; with the changes that a test needs. */
export function twoWalletPosition(changes: Partial<Position> = {}): Position {
  const total = { committed: 135_500_000n, cancelled: 0n, accepted: 0n, refundable: 135_500_000n, returned: 0n };
  const rows = [rowOf("ann", USDC, 125_500_000n), rowOf("ben", USDT, 10_000_000n)];
  const bid = { lockup: false, price: 0n, amount: 135_500_000n };
  return { state: "committed", bid, total, rows, wallets: [ANN, BEN], ...changes };
}
