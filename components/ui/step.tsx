import type { ReactNode } from "react";
import { Check, ChevronDown, TriangleAlert } from "lucide-react";

/** Done; the step to do now; nothing the user can do yet; stopped until something is solved. */
type StepState = "done" | "now" | "waiting" | "blocked";

const LOOKS: Record<StepState, { text: string; mark: string; colour: string }> = {
  done: { text: "Done", mark: "border-ok bg-surface-raised text-ok", colour: "text-ok" },
  now: { text: "Now", mark: "border-accent bg-accent text-text-on-accent", colour: "text-accent" },
  waiting: { text: "Waiting", mark: "border-line bg-surface-raised text-text-quiet", colour: "text-text-quiet" },
  blocked: { text: "Stopped", mark: "border-warn bg-surface-raised text-warn", colour: "text-warn" },
};

interface StepHead {
  number: number;
  title: string;
  state: StepState;
  sentence: string;
}

function StepMark({ number, state }: Pick<StepHead, "number" | "state">) {
  const shape =
    "grid size-[min(1.75rem,9vw)] shrink-0 place-items-center rounded-full border text-[min(0.8125rem,4vw)] font-medium tabular-nums";
  return (
    <span aria-hidden translate="no" className={`${shape} ${LOOKS[state].mark}`}>
      {state === "done" && <Check className="size-[16px]" />}
      {state === "blocked" && <TriangleAlert className="size-[14px]" />}
      {(state === "now" || state === "waiting") && <span>{number}</span>}
    </span>
  );
}

interface StepProps extends StepHead {
  /** Content beside the state, also when the step is done: a way to undo it, for example. */
  control?: ReactNode;
  /** The step's content. */
  children?: ReactNode;
  /**
   * If set, the content can be folded once the step is done, and starts folded if true. Folding moves the content in the document, so
   * content with typed text must not fold.
   */
  folded?: boolean;
}

interface StepLineProps extends Omit<StepProps, "number" | "children" | "folded"> {
  foldable: boolean;
  /** The step has no content below the line. */
  bare: boolean;
}

/** A finished step without content takes one line if there is room; any other has its sentence below its title. */
function StepLine({ title, state, sentence, control, foldable, bare }: StepLineProps) {
  const oneLine = state === "done" && bare;
  const row = `flex flex-wrap items-baseline justify-between gap-x-4 ${oneLine ? "sm:contents" : ""}`;
  return (
    <div className={`pt-0.5 ${oneLine ? "sm:flex sm:items-baseline sm:gap-x-3" : ""}`}>
      <div className={row}>
        <h2 className={state === "waiting" ? "text-text-quiet" : "font-medium"}>{title}</h2>
        <span
          data-state={state}
          className={`inline-flex items-center gap-1 text-sm font-medium ${LOOKS[state].colour} ${oneLine ? "sm:order-last" : ""}`}
        >
          <span>{LOOKS[state].text}</span>
          {foldable && (
            <ChevronDown aria-hidden className="size-4 transition-transform duration-150 group-open:rotate-180" />
          )}
        </span>
      </div>
      <div className={row}>
        <p className="min-w-0 flex-[1_1_auto] text-text-quiet wrap-anywhere">{sentence}</p>
        {control && <div className="-my-2 forced-colors:my-0">{control}</div>}
      </div>
    </div>
  );
}

function StepBody({ children, folded, ...line }: Omit<StepProps, "number">) {
  if (children && folded !== undefined && line.state === "done") {
    return (
      <details open={!folded} className="group">
        <summary className="cursor-pointer list-none rounded-md">
          <StepLine {...line} foldable bare={false} />
        </summary>
        <div className="pt-4">{children}</div>
      </details>
    );
  }
  return (
    <>
      <StepLine {...line} foldable={false} bare={!children} />
      {children && <div className="pt-4 empty:hidden">{children}</div>}
    </>
  );
}

const RAIL =
  "after:absolute after:top-9 after:bottom-2 after:left-[min(0.875rem,4.5vw)] after:w-px after:bg-line last:after:hidden";

/** One step of a journey: its number, title, state, sentence and content. */
export function Step({ number, ...body }: StepProps) {
  const current = body.state === "now" ? "step" : undefined;
  return (
    <li className={`relative flex gap-[min(0.75rem,3vw)] pb-8 last:pb-0 sm:gap-4 ${RAIL}`} aria-current={current}>
      <StepMark number={number} state={body.state} />
      <div className="min-w-0 flex-1">
        <StepBody {...body} />
      </div>
    </li>
  );
}
