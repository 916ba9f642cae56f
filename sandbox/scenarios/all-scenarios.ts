import type { SaleStage } from "../chain/chain-facts";
import type { SaleKind } from "../echo/sale-anchor";
import type { Fault } from "../faults/fault";
import type { ScenarioBid } from "./bid";

/** A state of everything in which the app is worth looking at. It begins at a reset of Echo and of the chain. */
export interface Scenario {
  name: string;
  title: string;
  /** What a person finds in the app. */
  sentence: string;
  /** The id of the persona who is connected. */
  persona: string;
  /** Absent: a fixed price. */
  kind?: SaleKind;
  /** In this order, while the sale is open. */
  bids?: readonly ScenarioBid[];
  /** The stage afterwards; absent: open for commitments. */
  stage?: SaleStage;
  paused?: true;
  /** Buyers may reduce their commitments. */
  reducible?: true;
  /** Settled: the share of every commitment that is accepted, in percent. Buyers claim the rest. */
  acceptedPercent?: number;
  /** Of every call of the API after connecting. */
  fault?: Pick<Fault, "effect" | "latencyMs">;
  /** The connection ends as soon as it is made, as if its user had withdrawn their consent. */
  revoked?: true;
  /** The wallet is on another network than the sale. */
  otherNetwork?: true;
}

const COMMITTED: readonly ScenarioBid[] = [{ persona: "ada", amount: 250 }];

/** The scenarios, in the order of the menus. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "ready",
    title: "Ready to commit",
    sentence: "Ada is connected with her wallet and can commit 1 to 5,000.",
    persona: "ada",
  },
  {
    name: "committed",
    title: "Committed",
    sentence: "Ada has committed 250 and can add to it.",
    persona: "ada",
    bids: COMMITTED,
  },
  {
    name: "two-entities",
    title: "Two entities",
    sentence: "Katherine can commit as herself or as her company, and has to choose.",
    persona: "katherine",
  },
  {
    name: "auction",
    title: "Auction with three bids",
    sentence: "Three others have bid; the clearing price is 0.0645. Ada can bid from 0.043 to 0.43.",
    persona: "ada",
    kind: "auction",
    bids: [
      { persona: "mary", amount: 60_000, price: 4 },
      { persona: "grace", amount: 2_500, price: 12 },
      { persona: "emmy", amount: 5_000, price: 3 },
    ],
  },
  {
    name: "not-open",
    title: "Not open yet",
    sentence: "The sale's contract takes no commitments yet.",
    persona: "ada",
    stage: "PreOpen",
  },
  {
    name: "opens-later",
    title: "Opens later",
    sentence: "The sale is open, but Dorothy's own time window begins in some days.",
    persona: "dorothy",
  },
  {
    name: "paused",
    title: "Paused",
    sentence: "Ada has committed 250, and the sale is paused.",
    persona: "ada",
    bids: COMMITTED,
    paused: true,
  },
  {
    name: "cancellation",
    title: "Cancellation open",
    sentence: "Ada has committed 250 and can cancel it.",
    persona: "ada",
    bids: COMMITTED,
    stage: "Cancellation",
  },
  {
    name: "reduction",
    title: "Reduction open",
    sentence: "Ada has committed 250 and can take a part of it back, or cancel it.",
    persona: "ada",
    bids: COMMITTED,
    stage: "Cancellation",
    reducible: true,
  },
  {
    name: "settled",
    title: "Settled 40 % with a refund to claim",
    sentence: "100 of the 250 that Ada has committed are accepted, and she can claim the other 150.",
    persona: "ada",
    bids: COMMITTED,
    acceptedPercent: 40,
  },
  {
    name: "permit-expired",
    title: "Permit expired",
    sentence: "Annie can fill in the form, but each permit that Sonar gives her has already expired.",
    persona: "annie",
  },
  {
    name: "wrong-network",
    title: "Wrong network",
    sentence: "Ada's wallet is on another network than the sale.",
    persona: "ada",
    otherNetwork: true,
  },
  {
    name: "sonar-down",
    title: "Sonar down",
    sentence: "Ada is connected, and every call of Sonar's API is answered with 503.",
    persona: "ada",
    fault: { effect: { kind: "status", status: 503 }, latencyMs: 0 },
  },
  {
    name: "slow",
    title: "Slow 3 s",
    sentence: "Ada is connected, and every answer of Sonar's API takes three seconds.",
    persona: "ada",
    fault: { latencyMs: 3_000 },
  },
  {
    name: "revoked",
    title: "Revoked",
    sentence: "Ada has withdrawn her consent on Sonar, and must connect again.",
    persona: "ada",
    revoked: true,
  },
];
