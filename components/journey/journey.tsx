import type { ReactNode } from "react";
import type { EntitiesView, JourneyStep } from "@/lib/sale/journey";
import { ConnectForm } from "@/components/auth/connect-form";
import { DisconnectForm } from "@/components/auth/disconnect-form";
import { SignInForm } from "@/components/auth/sign-in-form";
import { EntityStep } from "@/components/entity/entity-step";
import type { Retry } from "@/components/retry-button";
import { Step } from "@/components/ui/step";

interface JourneyProps extends Retry {
  steps: readonly JourneyStep[];
  entities: EntitiesView;
  /** Sonar's hosted setup for this sale. */
  setupUrl: string;
  supportUrl?: string;
}

function stepContent(
  step: JourneyStep,
  { entities, setupUrl, supportUrl, ...retry }: Omit<JourneyProps, "steps">,
): ReactNode {
  switch (step.id) {
    case "sign-in":
      return step.action && <SignInForm />;
    case "connect":
      return step.action?.kind === "connect" && <ConnectForm returnTo={retry.returnTo} again={step.action.again} />;
    case "entity":
      return (
        <EntityStep entities={entities} action={step.action} setupUrl={setupUrl} supportUrl={supportUrl} {...retry} />
      );
  }
}

/** The entity step has something to show only once the connection stands. */
function isReached(steps: readonly JourneyStep[], step: JourneyStep): boolean {
  return step.id !== "entity" || steps.every(({ id, state }) => id !== "connect" || state === "done");
}

/** The steps that `journeySteps` decided on, with what each of them is about. */
export function Journey({ steps, ...rest }: JourneyProps) {
  return (
    <ol aria-label="Steps">
      {steps.map((step, index) => (
        <Step
          key={step.id}
          number={index + 1}
          title={step.title}
          state={step.state}
          sentence={step.sentence}
          control={step.id === "connect" && step.state === "done" && <DisconnectForm returnTo={rest.returnTo} />}
        >
          {isReached(steps, step) && stepContent(step, rest)}
        </Step>
      ))}
    </ol>
  );
}
