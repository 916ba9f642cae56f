"use client";

import { useEffect, useRef, type ReactNode } from "react";
import type { ConnectTarget } from "@/components/auth/forms";
import { Button } from "@/components/ui/button";
import { FailureNotice, RefreshNote } from "@/components/ui/failure-notice";
import { Skeleton } from "@/components/ui/feedback";
import type { Failure } from "@/lib/result";

interface KeptFocusProps {
  /** Names the content; when it changes, the focused element may be gone. */
  shows: string;
  children: ReactNode;
}

/** Takes over the focus from a button that its own press removed; otherwise the focus would fall back to the top of the page. */
export function KeptFocus({ shows, children }: KeptFocusProps) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef(shows);

  useEffect(() => {
    const changed = shown.current !== shows;
    shown.current = shows;
    if (changed && document.activeElement === document.body) place.current?.focus({ preventScroll: true });
  }, [shows]);

  return (
    <div ref={place} tabIndex={-1} className="outline-none">
      {children}
    </div>
  );
}

/** One fact about a person. */
export interface Fact {
  label: string;
  value: string;
  /** Shown in the font for codes. */
  code?: boolean;
}

/** A provider's facts about a person. */
export function PersonFacts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[8rem_minmax(0,1fr)]">
      {facts.map(({ label, value, code = false }) => (
        <div key={label} className="contents">
          <dt className="text-sm text-text-quiet max-sm:not-first:mt-1">{label}</dt>
          <dd translate={code ? "no" : undefined} className={code ? "font-mono text-sm" : undefined}>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A placeholder of the size of that many facts. */
export function FactsSkeleton({ lines, label }: { lines: number; label: string }) {
  return (
    <div role="status" className="grid gap-2">
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} className="h-6 w-64 max-w-full" />
      ))}
    </div>
  );
}

interface ProviderReadProps<T> {
  provider: ConnectTarget;
  /** The label of the button that starts the read, e.g. "Show bookings". */
  label: string;
  /** True once the user has asked for it. */
  asked: boolean;
  data?: T;
  failure?: Failure;
  refreshing: boolean;
  onAsk: () => void;
  /** Shown until the answer arrives; screen readers are told as well. */
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

const RETURN_TO = "/connections";

/** The button that starts the read. Without JavaScript it could do nothing, so a sentence replaces it. */
function Ask({ label, onAsk }: { label: string; onAsk: () => void }) {
  return (
    <>
      <div className="noscript:hidden">
        <Button onClick={onAsk}>{label}</Button>
      </div>
      <p className="hidden text-text-quiet noscript:block">This page needs JavaScript to show more.</p>
    </>
  );
}

function Content<T>(props: ProviderReadProps<T>) {
  const { provider, label, asked, data, failure, refreshing, onAsk, skeleton, children } = props;
  const retry = { returnTo: RETURN_TO, provider, onRetry: onAsk, retrying: refreshing };
  if (!asked) return <Ask label={label} onAsk={onAsk} />;
  if (data === undefined) return failure ? <FailureNotice failure={failure} {...retry} /> : skeleton;
  return (
    <div className="grid gap-4">
      <div className="contents">{children(data)}</div>
      {failure &&
        (failure.recovery === "reconnect" ? (
          <FailureNotice failure={failure} {...retry} />
        ) : (
          <RefreshNote failure={failure} {...retry} />
        ))}
    </div>
  );
}

/** A provider's answer, once the user has asked for it: the button, the placeholder, the failure, or the answer. */
export function ProviderRead<T>(props: ProviderReadProps<T>) {
  const { asked, data, failure } = props;
  return (
    <KeptFocus shows={[asked, data !== undefined, failure !== undefined].join()}>
      <Content {...props} />
    </KeptFocus>
  );
}
