"use client";

import { useEffect, useRef, type RefObject } from "react";
import { useHydrated } from "@/hooks/use-seeded-query";

type ElementRef = RefObject<HTMLElement | null>;

/** True for an element that takes typed text, or that opens a list by itself. */
function isField(element: Element): boolean {
  return element.matches("input, textarea, select, [contenteditable]");
}

/** A browser that cannot tell counts as used: a focus too much is better than one that is lost. */
function isPageUsed(): boolean {
  return navigator.userActivation?.hasBeenActive ?? true;
}

/**
 * Moves the focus to `element` without scrolling, if it was lost to the body because its element was removed, or if it is inside of `replaced`.
 * A field keeps the focus, because somebody may be typing in it.
 */
function focusNext(element: HTMLElement | null, replaced?: HTMLElement | null): void {
  const { activeElement: current, body } = document;
  const isLost = current === null || current === body;
  if (!element || (!isLost && (isField(current) || !replaced?.contains(current)))) return;
  element.focus({ preventScroll: true });
}

interface ArrivalOptions {
  /** The element that gets the focus. One that takes no focus by itself needs `tabIndex={-1}`. */
  target: ElementRef;
  /** The part of the page whose content changes. A focus inside it follows to the new content. */
  area?: ElementRef;
}

/**
 * Focuses `target` when content arrives because of a user's step, as `focusNext` does. `shown` names the content, e.g. "form" or "receipt";
 * undefined means that there is none to focus yet. Neither the server's content nor content that arrives before the page was used counts as
 * a step: a page that loads leaves the focus to its user.
 */
export function useFocusOnArrival(shown: string | undefined, { target, area }: ArrivalOptions): void {
  const hydrated = useHydrated();
  const last = useRef(hydrated ? undefined : shown);
  useEffect(() => {
    const isNew = shown !== undefined && shown !== last.current;
    last.current = shown;
    if (isNew && isPageUsed()) focusNext(target.current, area?.current);
  }, [shown, target, area]);
}
