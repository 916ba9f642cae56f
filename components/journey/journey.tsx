"use client";

import { useEffect, useRef, type ReactNode, type Ref } from "react";
import { ConnectForm, DisconnectForm, SignInForm } from "@/components/auth/forms";
import { EntityStep, type ChosenEntity } from "@/components/entity/entity-step";
import { CommitFormSkeleton } from "@/components/purchase/commit-form";
import type { Retry } from "@/components/ui/failure-notice";
import { LoadingText, Skeleton, SlowNotice } from "@/components/ui/feedback";
import { PARTICIPATION_ID } from "@/components/ui/link";
import { Step } from "@/components/ui/step";
import { StepBar } from "@/components/ui/step-bar";
import { useAnnounce } from "@/hooks/use-announcer";
import { isPageUsed, stepOfArrival, useFocusNet, useFocusOnArrival } from "@/hooks/use-focus-on-arrival";
import type { JourneyInput } from "@/lib/journey/journey";
import { foldedSteps, type JourneyStep } from "@/lib/journey/journey-step";
import { shortenAddress } from "@/lib/sale/hex";
import { entityName } from "@/lib/sonar/entity";

/** The content of the wallet and commitment steps. The caller makes it, because it needs the wallet and the chain. */
export interface PurchaseContent {
  wallet: ReactNode;
  commit: ReactNode;
  /** The wallet that is connected, or was when the page was last open. */
  address?: string;
}

interface JourneyProps extends Retry, ChosenEntity {
  steps: readonly JourneyStep[];
  entities: JourneyInput["entities"];
  /** Address of Sonar's hosted setup for this sale. */
  setupUrl: string;
  supportUrl?: string;
  profileEmail?: string;
  purchase?: PurchaseContent;
}

type StepContext = Omit<JourneyProps, "steps">;

function stepContent(step: JourneyStep, { purchase, profileEmail: _email, ...rest }: StepContext): ReactNode {
  switch (step.id) {
    case "sign-in":
      return step.action?.kind === "sign-in" && <SignInForm connects={step.action.connects} returnTo={rest.returnTo} />;
    case "connect":
      return step.action?.kind === "connect" && <ConnectForm returnTo={rest.returnTo} again={step.action.again} />;
    case "entity":
      return <EntityStep action={step.action} {...rest} />;
    case "wallet":
    case "commit":
      return purchase?.[step.id];
  }
}

/** While the entities are read, the place of the content that most visitors will see next is reserved. */
function stepPlace({ id }: JourneyStep, { purchase }: StepContext): ReactNode {
  if (id === "wallet" && purchase && !purchase.address) return <Skeleton className="h-11 w-40" />;
  return id === "commit" && purchase?.address && <CommitFormSkeleton />;
}

/** The person or company, as far as it is known. */
function Participant({ steps, profileEmail, chosenId, choosable = [], purchase, ...rest }: JourneyProps) {
  const isDone = (id: JourneyStep["id"]) => steps.some((step) => step.id === id && step.state === "done");
  const chosen = choosable.find(({ EntityID }) => EntityID === chosenId);
  const account = isDone("connect") ? (profileEmail ?? "Sonar connected") : "Signed in";
  const isLoading = isDone("connect") && rest.entities.status === "loading";
  return (
    <>
      <h2 className="min-w-0 flex-[1_1_8ch] truncate font-medium" title={chosen && entityName(chosen)}>
        {isLoading ? (
          <>
            <LoadingText>Loading your entities.</LoadingText>
            <span className="relative block">
              <Skeleton className="h-5 w-32" />
              <SlowNotice className="absolute inset-0 truncate leading-5 font-normal" />
            </span>
          </>
        ) : (
          <bdi>{chosen ? entityName(chosen) : account}</bdi>
        )}
      </h2>
      {isDone("wallet") && purchase?.address && (
        <span translate="no" title={purchase.address} className="font-mono text-sm whitespace-nowrap text-text-quiet">
          {shortenAddress(purchase.address)}
        </span>
      )}
    </>
  );
}

/** The sentence about a step that was finished. The wallet tells of itself. */
const NEWS: Readonly<Record<string, string>> = {
  connect: "Sonar connected.",
  entity: "Your entity takes part.",
  "sign-in": "Signed in.",
};

let isConnectionTold = false;

/** True once, on a page that follows the form that began connecting. A part of the page that replaces another must not tell it again. */
function isConnectionNews(): boolean {
  const isNews = !isConnectionTold && /^\/auth\/(connect|sign-in)/.test(stepOfArrival() ?? "");
  isConnectionTold = true;
  return isNews;
}

/** Announces a step that was finished while the page is open, or by the form that led to it, and the step that comes next. */
function useStepNews(steps: readonly JourneyStep[]): void {
  const announce = useAnnounce();
  const known = useRef<ReadonlySet<string>>(undefined);
  const done = foldedSteps(steps).map(({ id }) => id);
  const doneIds = done.join(" ");
  const next = steps.find(({ id, locked }) => !locked && !done.includes(id));
  const nextText = next && `Step ${steps.indexOf(next) + 1} of ${steps.length}: ${next.title}.`;
  useEffect(() => {
    if (nextText === undefined || !isPageUsed()) return;
    const ids = doneIds.split(" ").filter(Boolean);
    const before = known.current ?? new Set(isConnectionNews() ? ids.filter((id) => id !== "connect") : ids);
    known.current = new Set(ids);
    const news = ids.findLast((id) => !before.has(id));
    if (news === undefined) return;
    const sentence = NEWS[news];
    if (sentence !== undefined) announce(sentence);
    announce(nextText);
  }, [announce, doneIds, nextText]);
}

interface JourneyItemProps {
  step: JourneyStep;
  steps: readonly JourneyStep[];
  context: StepContext;
  /** The entities are being read: what follows is not known yet. */
  isLoading: boolean;
  ref?: Ref<HTMLLIElement>;
}

function JourneyItem({ step, steps, context, isLoading, ref }: JourneyItemProps) {
  const { id, title, state, sentence, locked } = step;
  const place = isLoading && locked && stepPlace(step, context);
  const isConnection = id === "connect" && state === "done";
  return (
    <Step
      ref={ref}
      id={id}
      number={steps.indexOf(step) + 1}
      total={steps.length}
      title={title}
      state={state}
      sentence={sentence}
      later={locked && !place}
      control={isConnection && <DisconnectForm returnTo={context.returnTo} />}
    >
      {locked ? place : stepContent(step, context)}
    </Step>
  );
}

/** The steps that `journeySteps` decided on: the finished ones folded into one bar, and the others, each with its content. */
export function Journey(props: JourneyProps) {
  const { steps, onChoose, ...rest } = props;
  const root = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDetailsElement>(null);
  const current = useRef<HTMLLIElement>(null);
  const isConnected = steps.some(({ id, state }) => id === "connect" && state === "done");
  const isLoading = isConnected && rest.entities.status === "loading";
  const finished = foldedSteps(steps);
  const folded = isLoading ? steps.filter((step) => finished.includes(step) || step.id === "entity") : finished;
  const open = steps.filter((step) => !folded.includes(step));
  const next = open.find(({ locked }) => !locked);
  useStepNews(isLoading ? [] : steps);
  useFocusOnArrival(isLoading ? undefined : next?.id, { target: current, area: bar, first: next?.id !== "commit" });

  useFocusNet({ target: current, area: root });

  /** The bar closes after a choice, so that what comes next is in sight again. */
  function choose(entityId: string) {
    bar.current?.removeAttribute("open");
    onChoose?.(entityId);
  }
  const context: StepContext = { ...rest, ...(onChoose && { onChoose: choose }) };
  const known = { steps, context, isLoading };
  const finishedItems = folded.map((step) => <JourneyItem key={step.id} step={step} {...known} />);

  return (
    <div ref={root} id={PARTICIPATION_ID} tabIndex={-1} className="grid gap-5 outline-none">
      {folded.length > 0 && (
        <StepBar ref={bar} done={folded.length} total={steps.length} steps={finishedItems}>
          <Participant {...props} />
        </StepBar>
      )}
      <ol aria-label="Steps">
        {open.map((step) => (
          <JourneyItem key={step.id} ref={step === next ? current : undefined} step={step} {...known} />
        ))}
      </ol>
    </div>
  );
}
