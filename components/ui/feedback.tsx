import type { ReactNode } from "react";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";

/** The kind of news. The words carry the meaning; the colour only supports them. */
export type Tone = "ok" | "warn" | "bad" | "quiet";

/** Classes of tinted surfaces by tone. */
export const TONE_SURFACE: Record<Tone, string> = {
  ok: "bg-[color-mix(in_oklab,var(--ok)_9%,var(--surface-raised))] text-ok",
  warn: "bg-[color-mix(in_oklab,var(--warn)_10%,var(--surface-raised))] text-warn",
  bad: "bg-[color-mix(in_oklab,var(--bad)_8%,var(--surface-raised))] text-bad",
  quiet: "bg-surface-sunken text-text-quiet",
};

/** A state in one or two words. */
export function Badge({ tone = "quiet", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex max-w-full shrink-0 items-center rounded-full border border-transparent px-2.5 py-0.5 text-sm font-medium whitespace-nowrap ${TONE_SURFACE[tone]}`}
    >
      {children}
    </span>
  );
}

const ICONS = { ok: CircleCheck, warn: TriangleAlert, bad: CircleAlert, quiet: Info };

interface CalloutProps {
  tone?: Tone;
  title?: string;
  children: ReactNode;
  /** A button or link for the next step. */
  action?: ReactNode;
  /** The page's live region says it, so that a role would say it twice. */
  announced?: boolean;
}

/** A message at the place that it concerns. Only bad news interrupts a screen reader. */
export function Callout({ tone = "quiet", title, children, action, announced = false }: CalloutProps) {
  const Icon = ICONS[tone];
  return (
    <div
      className={`flex gap-[min(0.75rem,3vw)] rounded-md border border-transparent p-[min(1rem,4vw)] ${TONE_SURFACE[tone]}`}
      role={tone === "bad" && !announced ? "alert" : undefined}
    >
      <Icon aria-hidden className="mt-1 size-[16px] shrink-0" />
      <div className="min-w-0 flex-1 text-text">
        {title && <p className="font-medium">{title}</p>}
        <div className={title ? "text-text-quiet" : undefined}>{children}</div>
        {action && <div className="mt-3">{action}</div>}
      </div>
    </div>
  );
}

/** A placeholder. `className` gives it the size of the content to come, so that nothing moves when that arrives. */
export function Skeleton({ className }: { className: string }) {
  return (
    <span
      aria-hidden
      className={`block max-w-full animate-pulse noscript:animate-none rounded-md bg-surface-sunken forced-colors:border ${className}`}
    />
  );
}

/** What a screen reader hears beside placeholders. Not where scripts do not run: nothing would follow there. */
export function LoadingText({ children }: { children: string }) {
  return <span className="sr-only noscript:hidden">{children}</span>;
}

interface SlowNoticeProps {
  /** The service that is asked. */
  service?: string;
  className?: string;
}

/**
 * Says after three seconds that a service is slow, and that the page goes on waiting. By style alone: while a part of the page streams in, no script
 * of it runs yet. It lies over a placeholder, so that nothing moves when it appears.
 */
export function SlowNotice({ service = "Sonar", className = "" }: SlowNoticeProps) {
  return (
    <span className={`slow-notice bg-surface text-sm text-text-quiet noscript:hidden ${className}`}>
      {`${service} is slow right now. Still waiting.`}
    </span>
  );
}
