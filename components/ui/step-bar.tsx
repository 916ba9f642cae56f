"use client";

import { useRef, type ReactNode, type Ref } from "react";
import { Check } from "lucide-react";
import { useEarlyPress } from "@/hooks/use-early-press";

interface StepBarProps {
  /** The number of finished steps, and of all. */
  done: number;
  total: number;
  /** Who takes part, as far as it is known: elements of one line. */
  children: ReactNode;
  /** The finished steps, shown when the bar is opened. */
  steps: ReactNode;
  ref?: Ref<HTMLDetailsElement>;
}

/**
 * The finished steps as one bar, which opens to change them. It works before its script has run, and without one; one that was opened early stays
 * open when a part of the page that streams in takes its place.
 */
export function StepBar({ done, total, children, steps, ref }: StepBarProps) {
  const head = useRef<HTMLElement>(null);
  const { waits } = useEarlyPress(head, () => head.current?.parentElement?.setAttribute("open", ""), "finished steps");
  return (
    <details ref={ref} className="group rounded-md border border-line bg-surface-raised">
      <summary
        ref={head}
        {...waits}
        className="flex min-h-11 cursor-pointer list-none flex-wrap items-center gap-x-3 rounded-md px-3 py-1"
      >
        <Check aria-hidden className="size-[16px] shrink-0 text-ok" />
        <span className="sr-only">{`${done} of ${total} steps are done: `}</span>
        <div className="contents">{children}</div>
        <span className="text-sm text-text-quiet underline max-[22rem]:ml-auto decoration-control underline-offset-4 group-hover:decoration-current">
          <span className="group-open:hidden">Change</span>
          <span className="hidden group-open:inline">Close</span>
        </span>
      </summary>
      <ol aria-label="Finished steps" className="grid gap-5 border-t border-line px-3 py-4 *:pb-0 *:after:hidden">
        {steps}
      </ol>
    </details>
  );
}
