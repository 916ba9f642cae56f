/** The one primary action of the page. `setup` without an entity starts the setup of a first one. */
export type JourneyAction =
  | { kind: "sign-in" }
  | { kind: "connect"; again: boolean }
  | { kind: "retry" }
  | { kind: "setup"; entityId?: string }
  | { kind: "connect-wallet" | "switch-chain" | "retry-sale" | "retry-check" | "commit" };

/** Done; to be done now; nothing the user can do yet; stopped by something that has to be solved. */
export type JourneyStepState = "done" | "now" | "waiting" | "blocked";

/** One step of the journey in words. */
export interface JourneyStep {
  id: "sign-in" | "connect" | "entity" | "wallet" | "commit";
  title: string;
  state: JourneyStepState;
  sentence: string;
  action?: JourneyAction;
  /** What it builds on is not there: there is nothing to show of it. */
  locked?: true;
}

/** What a step's own rules decide. */
export type JourneyStepBody = Omit<JourneyStep, "id" | "title">;
