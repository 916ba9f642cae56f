import { messageOf, type Failure, type Read } from "@/lib/result";
import { commitStep, WALLET_TO_PAY, walletStep } from "@/lib/journey/purchase-steps";
import { IN_STEP, type JourneyStep, type JourneyStepBody, type JourneyStepState } from "@/lib/journey/journey-step";
import { isHolding } from "@/lib/purchase/position";
import type { PurchaseState } from "@/lib/purchase/purchase-state";
import type { SalePhase } from "@/lib/sale/phase";
import { entityName, type SonarEntity } from "@/lib/sonar/entity";
import { canTakePart, rankEntities } from "@/lib/sonar/entity-choice";
import { describeEntity, eligibilitySummary, type EntityNext } from "@/lib/sonar/entity-state";

/** All facts that decide the user's next step. */
export interface JourneyInput {
  signedIn: boolean;
  /** One press signs in and begins connecting Sonar. */
  onePress?: boolean;
  connected: boolean;
  /** The user's entities. */
  entities: Read<readonly SonarEntity[]>;
  /** The entity that participates; see `chooseEntity`. */
  chosen?: SonarEntity;
  /** Several entities could participate, and the user has not chosen one of them. */
  undecided?: boolean;
  /** A wallet is asked for a transaction of the chosen entity, or was on this page. */
  held?: boolean;
  profileEmail?: string;
  /** Absent while the sale's contract is not announced. */
  purchase?: PurchaseState;
}

function sentenceOf(failure: Failure): string {
  return `${messageOf(failure)} ${failure.suggestion}`;
}

function readFailure(entities: JourneyInput["entities"]): Failure | undefined {
  if (entities.status === "failed") return entities.failure;
  return entities.status === "ready" ? entities.refreshFailure : undefined;
}

/** A failed read that only connecting or signing in again can fix is shown at that step, not at the entity. */
function endedConnection({ entities }: JourneyInput): Failure | undefined {
  const failure = readFailure(entities);
  return failure?.recovery === "reconnect" || failure?.recovery === "sign-in" ? failure : undefined;
}

const CONSENT = "Sonar manages your identity check. On Sonar, you choose what this site may see.";

function signInStep(input: JourneyInput, ended: Failure | undefined): JourneyStepBody {
  const action = { kind: "sign-in", connects: input.onePress ?? false } as const;
  if (!input.signedIn) {
    const sentence = input.onePress ? CONSENT : "Sign in to this site to begin.";
    return { state: "now", sentence, action };
  }
  if (ended?.recovery === "sign-in") return { state: "now", sentence: sentenceOf(ended), action };
  return { state: "done", sentence: "Signed in on this browser." };
}

function connectStep(input: JourneyInput, ended: Failure | undefined): JourneyStepBody {
  if (!input.signedIn || ended?.recovery === "sign-in")
    return { state: "waiting", sentence: "Unlocks once you are signed in." };
  if (ended) return { state: "now", sentence: sentenceOf(ended), action: { kind: "connect", again: true } };
  if (!input.connected) {
    return { state: "now", sentence: CONSENT, action: { kind: "connect", again: false } };
  }
  return { state: "done", sentence: input.profileEmail ?? "Connected." };
}

const STATE_OF_NEXT: Record<EntityNext, JourneyStepState> = {
  ready: "done",
  setup: "now",
  wait: "waiting",
  support: "blocked",
  none: "blocked",
};

/** A chosen entity is eligible, has committed while it was, or its wallet was asked for a commitment. */
function participation(chosen: SonarEntity, purchase: PurchaseState | undefined): string {
  const name = entityName(chosen);
  if (canTakePart(chosen)) return `Taking part as ${name}.`;
  return purchase && hasPosition(purchase) ? `Committed as ${name}.` : `${name} cannot take part now.`;
}

const WHO: JourneyStepBody = {
  state: "now",
  sentence: "Choose who takes part. Nothing is sent before that.",
  action: IN_STEP,
};

/** Sonar lists an entity no longer whose transaction this page has begun. */
function unlisted(chosen: SonarEntity): JourneyStepBody {
  return { state: "done", sentence: `Taking part as ${entityName(chosen)}. Sonar does not list it at the moment.` };
}

function readyEntities(
  entities: readonly SonarEntity[],
  { chosen, undecided, purchase }: Pick<JourneyInput, "chosen" | "undecided" | "purchase">,
): JourneyStepBody {
  if (undecided) return WHO;
  if (chosen && !entities.some(({ EntityID }) => EntityID === chosen.EntityID)) return unlisted(chosen);
  const summary = eligibilitySummary(entities);
  const best = rankEntities(entities)[0];
  if (!best) return { state: "now", sentence: summary, action: IN_STEP };
  const { next } = describeEntity(chosen ?? best);
  const sentence = chosen && entities.length > 1 ? `${participation(chosen, purchase)} ${summary}` : summary;
  const step: JourneyStepBody = { state: STATE_OF_NEXT[next], sentence };
  return next === "setup" ? { ...step, action: { kind: "setup", entityId: best.EntityID } } : step;
}

function entityStep(input: JourneyInput, ended: Failure | undefined): JourneyStepBody {
  const { entities } = input;
  if (!input.signedIn || !input.connected || ended)
    return { state: "waiting", sentence: "Unlocks once Sonar is connected.", locked: true };
  if (entities.status === "loading") return { state: "now", sentence: "Loading your entities from Sonar." };
  if (entities.status === "ready") return readyEntities(entities.value, input);
  const step: JourneyStepBody = { state: "blocked", sentence: "Your entities could not be loaded." };
  return entities.failure.recovery === "retry" ? { ...step, action: IN_STEP } : step;
}

function locked(step: JourneyStepBody): JourneyStepBody {
  return { ...step, locked: true };
}

const AFTER_ENTITY: JourneyStepBody = { state: "waiting", sentence: "Unlocks once your entity is eligible." };
const AFTER_CHOICE: JourneyStepBody = { state: "waiting", sentence: "Unlocks once you have chosen who takes part." };
/** Most visitors have one eligible entity: the sentence that follows takes the same place. */
const AFTER_LOADING: JourneyStepBody = { state: "waiting", sentence: WALLET_TO_PAY };
const AFTER_WALLET: JourneyStepBody = { state: "waiting", sentence: "Unlocks once a wallet is connected." };
const AFTER_SWITCH: JourneyStepBody = {
  state: "waiting",
  sentence: "Unlocks once the wallet is on the sale's network.",
};
const NO_CONTRACT: JourneyStepBody = { state: "waiting", sentence: "The sale's contract has not been announced yet." };

/** A commitment can be seen, cancelled and refunded even if the entity is no longer eligible (sonar.md 4.8). */
function hasPosition({ position }: PurchaseState): boolean {
  return position.status === "ready" && isHolding(position.value);
}

/** The reason why the wallet waits. */
function beforeWallet({ entities, undecided }: JourneyInput, entity: JourneyStepBody): JourneyStepBody {
  if (undecided) return AFTER_CHOICE;
  return entities.status === "loading" && !entity.locked ? AFTER_LOADING : AFTER_ENTITY;
}

/**
 * What a wallet is asked for, and what has become of it, is shown whatever Sonar says meanwhile; after the end of the session only while the wallet
 * may still send it.
 */
function isReached(input: JourneyInput, entity: JourneyStepBody, purchase: PurchaseState): boolean {
  if (input.undecided) return false;
  if (input.held && (purchase.pending || endedConnection(input)?.recovery !== "sign-in")) return true;
  return entity.state === "done" || (!entity.locked && hasPosition(purchase));
}

function walletAndCommit(
  input: JourneyInput,
  entity: JourneyStepBody,
): [wallet: JourneyStepBody, commit: JourneyStepBody] {
  const { purchase } = input;
  if (!purchase) return [locked(NO_CONTRACT), locked(AFTER_WALLET)];
  if (!isReached(input, entity, purchase)) return [locked(beforeWallet(input, entity)), locked(AFTER_WALLET)];
  const [wallet, commit] = reachedSteps(purchase);
  // The page's one primary action is then that of the step of the connection.
  return entity.locked ? [withoutAction(wallet), withoutAction(commit)] : [wallet, commit];
}

function reachedSteps(purchase: PurchaseState): [wallet: JourneyStepBody, commit: JourneyStepBody] {
  const wallet = walletStep(purchase);
  if (wallet.state === "done") return [wallet, commitStep(purchase)];
  if (wallet.state === "waiting") return [wallet, standingWithoutWallet(purchase)];
  return [wallet, purchase.wallet.status === "connected" ? AFTER_SWITCH : AFTER_WALLET];
}

/** The state of the commitment is shown even if no wallet is needed. */
function standingWithoutWallet(purchase: PurchaseState): JourneyStepBody {
  return { state: "waiting", sentence: commitStep(purchase).sentence };
}

/** A sale that takes no commitments any more must not ask for one. */
const AFTER_THE_SALE: ReadonlySet<SalePhase["kind"]> = new Set(["cancellation", "settlement", "done"]);

function commitTitle({ purchase }: JourneyInput): string {
  const isOver = purchase?.sale.status === "ready" && AFTER_THE_SALE.has(purchase.sale.value.phase.kind);
  return isOver ? "Your commitment" : "Commit";
}

/** The page has one primary action. An action for money in the sale goes before a setup, whose link stays in the list. */
function withoutAction({ action: _setup, ...step }: JourneyStepBody): JourneyStepBody {
  return step;
}

/** All steps of the journey: done, current and later ones. At most one step has an action. */
export function journeySteps(input: JourneyInput): JourneyStep[] {
  const ended = endedConnection(input);
  const entity = entityStep(input, ended);
  const [wallet, commit] = walletAndCommit(input, entity);
  return [
    { id: "sign-in", title: "Sign in", ...signInStep(input, ended) },
    { id: "connect", title: "Connect Sonar", ...connectStep(input, ended) },
    { id: "entity", title: "Entity", ...((wallet.action ?? commit.action) ? withoutAction(entity) : entity) },
    { id: "wallet", title: "Wallet", ...wallet },
    { id: "commit", title: commitTitle(input), ...commit },
  ];
}
