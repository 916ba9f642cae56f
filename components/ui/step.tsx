import type { ReactNode, Ref } from "react";
import { Check, TriangleAlert } from "lucide-react";

/** Done; the step to do now; nothing the user can do yet; stopped until something is solved. */
type StepState = "done" | "now" | "waiting" | "blocked";

const LOOKS: Record<StepState, { text: string; mark: string; colour: string }> = {
  done: { text: "Done", mark: "border-ok bg-surface-raised text-ok", colour: "text-ok" },
  now: { text: "Now", mark: "border-accent bg-accent text-text-on-accent", colour: "text-accent" },
  waiting: { text: "Waiting", mark: "border-line bg-surface-raised text-text-quiet", colour: "text-text-quiet" },
  blocked: { text: "Stopped", mark: "border-warn bg-surface-raised text-warn", colour: "text-warn" },
};

interface StepHead {
  id: string;
  /** Its place among all steps, from 1. */
  number: number;
  /** The number of all steps. */
  total: number;
  title: string;
  state: StepState;
  sentence: string;
}

function StepMark({ number, total, state }: Pick<StepHead, "number" | "total" | "state">) {
  const shape =
    "grid size-[min(1.75rem,9vw)] shrink-0 place-items-center rounded-full border text-[min(0.8125rem,4vw)] font-medium tabular-nums";
  return (
    <>
      <span aria-hidden translate="no" className={`${shape} ${LOOKS[state].mark}`}>
        {state === "done" && <Check className="size-[16px]" />}
        {state === "blocked" && <TriangleAlert className="size-[14px]" />}
        {(state === "now" || state === "waiting") && <span>{number}</span>}
      </span>
      <span className="sr-only">{`Step ${number} of ${total}: `}</span>
    </>
  );
}

/** A step whose turn has not come: one line, if there is room. */
function LaterLine({ title, state, sentence }: StepHead) {
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3 text-text-quiet">
      <h2>{title}</h2>
      <span data-state={state} className="sr-only">
        {LOOKS[state].text}
      </span>
      <p className="min-w-0 flex-[1_1_12rem] text-sm">{sentence}</p>
    </div>
  );
}

interface StepProps extends StepHead {
  /** Content beside the sentence: a way to undo the step, for example. */
  control?: ReactNode;
  /** The step's content. */
  children?: ReactNode;
  /** An earlier step is missing: the step is one short line. */
  later?: boolean;
  ref?: Ref<HTMLLIElement>;
}

function StepBody({ title, state, sentence, control, children }: Omit<StepProps, "number" | "total" | "later">) {
  return (
    <div className="min-w-0 flex-1 pt-0.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className={state === "waiting" ? "text-text-quiet" : "font-medium"}>{title}</h2>
        <span data-state={state} className={`text-sm font-medium ${LOOKS[state].colour}`}>
          {LOOKS[state].text}
        </span>
      </div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="min-w-0 flex-[1_1_auto] text-text-quiet">{sentence}</p>
        {control && <div className="-my-2 forced-colors:my-0">{control}</div>}
      </div>
      {children && <div className="pt-3 empty:hidden sm:pt-4">{children}</div>}
    </div>
  );
}

const RAIL =
  "after:absolute after:top-9 after:bottom-1 after:left-[min(0.875rem,4.5vw)] after:w-px after:bg-line last:after:hidden";

/** One step of a journey: its number, title, state, sentence and content. */
export function Step({ later = false, ref, ...body }: StepProps) {
  const current = body.state === "now" ? "step" : undefined;
  return (
    <li
      ref={ref}
      tabIndex={-1}
      data-step={body.id}
      aria-current={current}
      className={`relative flex gap-[min(0.75rem,3vw)] rounded-md outline-offset-8 last:pb-0 sm:gap-4 ${later ? "items-center pb-3" : `pb-6 ${RAIL}`}`}
    >
      <StepMark number={body.number} total={body.total} state={body.state} />
      {later ? <LaterLine {...body} /> : <StepBody {...body} />}
    </li>
  );
}
