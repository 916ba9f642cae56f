import type { ReactNode } from "react";
import { ConnectForm, DisconnectForm, SignInForm } from "@/components/auth/forms";
import { EntityStep, type ChosenEntity } from "@/components/entity/entity-step";
import type { Retry } from "@/components/ui/failure-notice";
import { Skeleton } from "@/components/ui/feedback";
import { Step } from "@/components/ui/step";
import type { JourneyInput } from "@/lib/journey/journey";
import type { JourneyStep } from "@/lib/journey/journey-step";

/** The content of the wallet and commitment steps. The caller makes it, because it needs the wallet and the chain. */
export interface PurchaseContent {
  wallet: ReactNode;
  commit: ReactNode;
  /** A wallet is connected, or was when the page was last open: the next steps matter more than the list of entities. */
  underWay: boolean;
}

interface JourneyProps extends Retry, ChosenEntity {
  steps: readonly JourneyStep[];
  entities: JourneyInput["entities"];
  /** Address of Sonar's hosted setup for this sale. */
  setupUrl: string;
  supportUrl?: string;
  purchase?: PurchaseContent;
}

function stepContent(step: JourneyStep, { purchase, ...rest }: Omit<JourneyProps, "steps">): ReactNode {
  switch (step.id) {
    case "sign-in":
      return step.action && <SignInForm />;
    case "connect":
      return step.action?.kind === "connect" && <ConnectForm returnTo={rest.returnTo} again={step.action.again} />;
    case "entity":
      return <EntityStep action={step.action} {...rest} />;
    case "wallet":
    case "commit":
      return purchase?.[step.id];
  }
}

/** Most visitors have an eligible entity and connect a wallet next, so the button's place is reserved. */
function stepPlace({ id }: JourneyStep, { entities, purchase }: Omit<JourneyProps, "steps">): ReactNode {
  const awaited = id === "wallet" && entities.status === "loading" && purchase && !purchase.underWay;
  return awaited && <Skeleton className="h-11 w-40" />;
}

/** True if a finished step's content is folded at first; undefined if it never is. */
function foldedAtFirst({ id }: JourneyStep, purchase: PurchaseContent | undefined): boolean | undefined {
  if (id === "entity") return purchase?.underWay ?? false;
  return id === "wallet" ? true : undefined;
}

/** The steps that `journeySteps` decided on, each with its content. */
export function Journey({ steps, ...rest }: JourneyProps) {
  const connected = steps.some(({ id, state }) => id === "connect" && state === "done");
  return (
    <ol aria-label="Steps">
      {steps.map((step, index) => (
        <Step
          key={step.id}
          number={index + 1}
          title={step.title}
          state={step.state}
          sentence={step.sentence}
          folded={foldedAtFirst(step, rest.purchase)}
          control={step.id === "connect" && step.state === "done" && <DisconnectForm returnTo={rest.returnTo} />}
        >
          {step.locked ? connected && stepPlace(step, rest) : stepContent(step, rest)}
        </Step>
      ))}
    </ol>
  );
}
