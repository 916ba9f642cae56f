"use client";

import { useRef, type ReactNode } from "react";
import { X } from "lucide-react";
import { Dialog as RadixDialog } from "radix-ui";
import { CONTROLS } from "@/hooks/use-focus-on-arrival";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** The dialog's subject, in a sentence or two. */
  description: ReactNode;
  children: ReactNode;
}

const PANEL =
  "fixed inset-x-[min(1rem,5vw)] top-1/2 z-20 mx-auto grid max-h-[85dvh] max-w-md -translate-y-1/2 gap-5 overflow-y-auto rounded-lg " +
  "border border-line bg-surface-raised p-[min(1.25rem,6vw)] shadow-raised sm:p-6";

/**
 * A dialog over the page. Closing it returns the focus to the element that had it before, because the page opens it and not a trigger inside
 * it; where the page has moved on meanwhile, the focus stays with what came. The focus begins at an element with `data-autofocus`, so that an
 * irreversible step can give it to the safe choice, or else at the first control of the content.
 */
export function Dialog({ open, onClose, title, description, children }: DialogProps) {
  const panel = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null);

  function begin(event: Event) {
    before.current = document.activeElement;
    event.preventDefault();
    const first =
      panel.current?.querySelector<HTMLElement>("[data-autofocus]") ??
      content.current?.querySelector<HTMLElement>(CONTROLS);
    (first ?? panel.current)?.focus();
  }

  function end(event: Event) {
    event.preventDefault();
    const { activeElement, body } = document;
    const isFree = activeElement === null || activeElement === body || panel.current?.contains(activeElement);
    if (isFree && before.current instanceof HTMLElement) before.current.focus();
  }

  return (
    <RadixDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className="fixed inset-0 z-20 bg-[rgb(0_0_0/0.45)]" />
        <RadixDialog.Content ref={panel} onOpenAutoFocus={begin} onCloseAutoFocus={end} className={PANEL}>
          {/* The button goes above the title where large text leaves no room beside its longest word. */}
          <div className="flex flex-wrap-reverse items-end justify-end gap-x-3 gap-y-1">
            <RadixDialog.Title className="min-w-min flex-1 self-center text-lg font-medium">{title}</RadixDialog.Title>
            <RadixDialog.Close
              aria-label="Close"
              className="-mt-1 -mr-2 inline-grid size-9 cursor-pointer place-items-center rounded-md border border-transparent text-text-quiet hover:bg-surface-sunken hover:text-text"
            >
              <X aria-hidden className="size-4" />
            </RadixDialog.Close>
          </div>
          <RadixDialog.Description className="-mt-4 text-text-quiet">{description}</RadixDialog.Description>
          <div ref={content} className="contents">
            {children}
          </div>
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}
