"use client";

import { useEffect, useRef, type RefObject } from "react";
import { useHydrated } from "@/hooks/use-seeded-query";

type ElementRef = RefObject<HTMLElement | null>;

/** True for an element that takes typed text, or that opens a list by itself. */
function isField(element: Element): boolean {
  return element.matches("input, textarea, select, [contenteditable]");
}

/** The address of the form that led to this page, from the provider's page for example; undefined for a page that was opened. */
export function stepOfArrival(): string | undefined {
  if (typeof window === "undefined") return undefined;
  return window.arrivalStep;
}

/** True once the user has done something here, or by a step that led here. A browser that cannot tell counts as used. */
export function isPageUsed(): boolean {
  return stepOfArrival() !== undefined || (navigator.userActivation?.hasBeenActive ?? true);
}

/** The controls that take the focus by the Tab key. */
export const CONTROLS = "a[href], button, input:not([type=hidden]), select, summary, textarea";

/**
 * Moves the focus to `element` without scrolling, if it was lost to the body because its element was removed, if it waits at a part of the page
 * around `element`, or if it is inside of `replaced`. A field keeps the focus, because somebody may be typing in it.
 */
function focusNext(element: HTMLElement | null | undefined, replaced: HTMLElement | null | undefined): void {
  const { activeElement: current } = document;
  if (!element || current === element) return;
  // The body is around everything.
  const isFree = current === null || current.contains(element) || (!isField(current) && replaced?.contains(current));
  if (isFree) element.focus({ preventScroll: true });
}

interface ArrivalOptions {
  /** The element that gets the focus. One that takes no focus by itself needs `tabIndex={-1}`. */
  target: ElementRef;
  /** The part of the page whose content changes. A focus inside it follows to the new content. */
  area?: ElementRef;
  /** The focus goes to the first control inside of `target`, if there is one. */
  first?: boolean;
}

/**
 * Focuses `target` when content arrives because of a user's step, as `focusNext` does. `shown` names the content, e.g. "form" or "receipt";
 * undefined means that there is none to focus yet. Neither the server's content nor content that arrives before the page was used counts as
 * a step: a page that loads leaves the focus to its user, unless a form has led to it.
 */
export function useFocusOnArrival(shown: string | undefined, { target, area, first = false }: ArrivalOptions): void {
  const hydrated = useHydrated();
  const last = useRef(hydrated || stepOfArrival() !== undefined ? undefined : shown);
  useEffect(() => {
    const isNew = shown !== undefined && shown !== last.current;
    last.current = shown;
    if (!isNew || !isPageUsed()) return;
    const control = first ? target.current?.querySelector<HTMLElement>(CONTROLS) : undefined;
    focusNext(control ?? target.current, area?.current);
  }, [shown, target, area, first]);
}

/**
 * Catches a focus that is lost inside of `area`: when its element is removed and nothing else has taken it, `target` gets it. Otherwise a keyboard
 * or screen reader would start again at the top of the page.
 */
export function useFocusNet({ target, area }: Required<Pick<ArrivalOptions, "target" | "area">>): void {
  useEffect(() => {
    const root = area.current;
    if (!root) return;
    let last: Element | undefined;
    const remember = (event: FocusEvent) => void (last = event.target instanceof Element ? event.target : undefined);
    const observer = new MutationObserver(() => {
      const isLost = last?.isConnected === false && document.activeElement === document.body;
      if (isLost) target.current?.focus({ preventScroll: true });
    });
    root.addEventListener("focusin", remember);
    observer.observe(root, { childList: true, subtree: true });
    return () => {
      root.removeEventListener("focusin", remember);
      observer.disconnect();
    };
  }, [target, area]);
}
