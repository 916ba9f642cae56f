"use client";

import { ChevronDown } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { ExternalLink } from "@/components/ui/link";
import { TONE_SURFACE } from "@/components/ui/feedback";
import { useEarlierSale } from "@/hooks/use-earlier-sale";
import { useChainTime, useKnownSaleState } from "@/hooks/use-sale";
import { formatMinute } from "@/lib/calendar";
import type { SaleStage } from "@/lib/sale/state";

/** A state in which the sandbox can open the app. */
interface Scenario {
  name: string;
  title: string;
  sentence: string;
}

/** The sale's contract and the chain's time, in Unix seconds. */
interface SaleNow {
  stage: SaleStage;
  paused: boolean;
  blockTime: number;
}

interface SandboxStripProps {
  controlsUrl: string;
  /** Who is connected. */
  persona?: { name: string } | undefined;
  scenarios: readonly Scenario[];
  /** When the page was rendered; `beganAt` tells one chain from the next. */
  sale?: (SaleNow & { beganAt: number }) | undefined;
}

const BAR = "mx-auto flex min-h-9 max-w-6xl items-center gap-x-3 px-[min(1rem,5vw)] py-1 text-sm sm:px-6";

/** The line above every page of the sandbox. */
export function SandboxLine({ children }: { children: ReactNode }) {
  return (
    <aside aria-label="Sandbox" className={`border-b border-line print:hidden ${TONE_SURFACE.warn}`}>
      <div className={BAR}>{children}</div>
    </aside>
  );
}

const STAGE_WORDS: Record<SaleStage, string> = {
  "pre-open": "Not open",
  commitment: "Open",
  cancellation: "Cancellation",
  settlement: "Settlement",
  done: "Settled",
};

const CLOCK_EVERY_MS = 15_000;

/** Follows what the page reads of the sale, and reads nothing itself. */
function SaleFacts({ rendered }: { rendered: SaleNow }) {
  const { stage, paused, blockTime } = useKnownSaleState() ?? rendered;
  const time = useChainTime(blockTime, CLOCK_EVERY_MS);
  return (
    <>
      {/* Only where large text leaves nothing for the name is it cut off. */}
      <span className="min-w-0 overflow-hidden">
        <span className="sr-only">Stage of the sale: </span>
        <span>{paused ? `${STAGE_WORDS[stage]}, paused` : STAGE_WORDS[stage]}</span>
      </span>
      <span className="shrink-0 tabular-nums max-md:hidden">
        <span className="max-lg:sr-only">{"Chain's clock: "}</span>
        <time suppressHydrationWarning>{formatMinute(new Date(time * 1000).toISOString())}</time>
      </span>
    </>
  );
}

/** Closes a disclosure when something else is pressed or the focus leaves it, and with Escape, as a menu does. */
function useDismissal(details: React.RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const close = (refocus: boolean) => {
      const element = details.current;
      if (!element?.open) return;
      element.open = false;
      if (refocus) element.querySelector("summary")?.focus();
    };
    const onPointer = ({ target }: PointerEvent) => {
      if (!(target instanceof Node && details.current?.contains(target))) close(false);
    };
    const onKey = ({ key }: KeyboardEvent) => key === "Escape" && close(true);
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey);
    };
  }, [details]);
}

/** A disclosure with plain forms, so that it works before and without this page's scripts. */
function ScenarioMenu({ scenarios, controlsUrl }: Pick<SandboxStripProps, "scenarios" | "controlsUrl">) {
  const details = useRef<HTMLDetailsElement>(null);
  const [opening, setOpening] = useState<string>();
  useDismissal(details);
  return (
    <details ref={details} className="relative shrink-0">
      <summary className="flex min-h-7 cursor-pointer list-none items-center gap-1 rounded-md border border-current px-2 font-medium [&::-webkit-details-marker]:hidden">
        <span>Scenarios</span>
        <ChevronDown aria-hidden className="size-4" />
      </summary>
      <form
        method="post"
        onSubmit={({ nativeEvent }) => {
          // A second press would start the chain anew while the first one still sets it up.
          if (opening !== undefined) nativeEvent.preventDefault();
          else if (nativeEvent instanceof SubmitEvent) setOpening(nativeEvent.submitter?.textContent ?? "");
        }}
        className="absolute top-full right-0 z-20 mt-1 max-h-[min(34rem,75dvh)] w-[min(24rem,90vw)] overflow-y-auto rounded-md border border-line bg-surface-raised p-1 text-text shadow-raised"
      >
        <p className="px-3 py-2 text-text-quiet" aria-live="polite">
          {opening === undefined
            ? "Opens this app in that state, on a new chain, as a new user."
            : "Setting the scenario. The page opens in a moment."}
        </p>
        <ul>
          {scenarios.map(({ name, title, sentence }) => (
            <li key={name}>
              <button
                type="submit"
                formAction={`/sandbox/scenarios/${name}`}
                aria-disabled={opening !== undefined || undefined}
                aria-describedby={`scenario-${name}`}
                className="min-h-9 w-full cursor-pointer rounded-md px-3 pt-1.5 text-left font-medium hover:bg-surface-sunken aria-disabled:cursor-progress forced-colors:border"
              >
                {title}
              </button>
              <p id={`scenario-${name}`} className="px-3 pb-1.5 text-text-quiet">
                {sentence}
              </p>
            </li>
          ))}
        </ul>
        <p className="border-t border-line px-3 py-2 sm:hidden">
          <ExternalLink href={controlsUrl}>Controls of the sandbox</ExternalLink>
        </p>
      </form>
    </details>
  );
}

/** Above every page of the sandbox: who is connected, the state of its sale, and the ways to change both. */
export function SandboxStrip({ controlsUrl, persona, scenarios, sale }: SandboxStripProps) {
  useEarlierSale(sale?.beganAt);
  return (
    <SandboxLine>
      <p className="flex min-w-0 flex-1 items-center gap-x-3 whitespace-nowrap">
        <span className="shrink-0 font-medium">
          <span>Sandbox</span>
          <span className="max-lg:sr-only">: nothing here is real</span>
        </span>
        <span className="min-w-0 shrink-[999] truncate">
          <span className="sr-only">Connected as </span>
          <span translate="no">{persona?.name ?? "Nobody connected"}</span>
        </span>
        {sale && <SaleFacts rendered={sale} />}
      </p>
      <ScenarioMenu scenarios={scenarios} controlsUrl={controlsUrl} />
      <span className="shrink-0 max-sm:hidden">
        <ExternalLink href={controlsUrl}>Controls</ExternalLink>
      </span>
    </SandboxLine>
  );
}
