/** The page's one primary action. */
export type JourneyAction =
  /** `connects`: the same press also begins connecting Sonar. */
  | { kind: "sign-in"; connects: boolean }
  | { kind: "connect"; again: boolean }
  /** Finish the setup of this entity. */
  | { kind: "setup"; entityId: string }
  /** The step's own content offers it: a wallet button, the form, a retry. */
  | { kind: "in-step" };

/** The name of the field by which the form of signing in also begins connecting Sonar. */
export const CONNECT_FIELD = "connect";

/** Done; to be done now; nothing the user can do yet; blocked by a problem. */
export type JourneyStepState = "done" | "now" | "waiting" | "blocked";

/** One step of the journey in words. */
export interface JourneyStep {
  id: "sign-in" | "connect" | "entity" | "wallet" | "commit";
  title: string;
  state: JourneyStepState;
  sentence: string;
  action?: JourneyAction;
  /** An earlier step is missing, so there is nothing to show of this one. */
  locked?: true;
}

/** The part of a step that its own rules decide. */
export type JourneyStepBody = Omit<JourneyStep, "id" | "title">;

/** The action of a step whose content offers the way on. */
export const IN_STEP: JourneyAction = { kind: "in-step" };

/** The finished steps before the commitment. They fold into one bar. */
export function foldedSteps(steps: readonly JourneyStep[]): JourneyStep[] {
  const commitment = steps.findIndex(({ id }) => id === "commit");
  return steps.slice(0, commitment).filter(({ state }) => state === "done");
}
