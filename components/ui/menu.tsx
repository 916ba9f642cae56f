"use client";

import { useRef, useState, type ReactNode } from "react";
import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useEarlyPress } from "@/hooks/use-early-press";

interface MenuProps {
  /** The button that opens the menu. */
  trigger: ReactNode;
  children: ReactNode;
}

/**
 * A menu at a button. It is not modal, because a locked page would lose its scroll bar and jump. Its button opens it by a pointer or a key and
 * not by a click, so an early press opens the menu itself.
 */
export function Menu({ trigger, children }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const { waits } = useEarlyPress(button, () => setOpen(true));
  return (
    <DropdownMenu.Root modal={false} open={open} onOpenChange={setOpen}>
      <DropdownMenu.Trigger asChild ref={button} {...waits}>
        {trigger}
      </DropdownMenu.Trigger>
      {/* In its button's landmark, and not at the end of the document. */}
      <DropdownMenu.Content
        align="end"
        sideOffset={6}
        collisionPadding={8}
        className="z-10 max-w-[calc(100vw-1rem)] min-w-[min(10rem,90vw)] rounded-md border border-line bg-surface-raised p-1 shadow-raised"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

const ITEM =
  "flex min-h-9 w-full cursor-pointer items-center gap-2 rounded-md px-3 text-sm outline-none data-highlighted:bg-surface-sunken forced-colors:data-highlighted:outline-2";

interface MenuChoiceProps {
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string }[];
}

/** One of several options, as menu items. */
export function MenuChoice({ value, onChange, options }: MenuChoiceProps) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={onChange}>
      {options.map((option) => (
        <DropdownMenu.RadioItem key={option.value} value={option.value} className={`${ITEM} justify-between`}>
          <span>{option.label}</span>
          <DropdownMenu.ItemIndicator>
            <Check aria-hidden className="size-4 text-accent" />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

interface MenuItemProps {
  onSelect: () => void;
  /** The menu stays open, to show the result. */
  keepOpen?: boolean;
  children: ReactNode;
}

/** A menu item that does something. */
export function MenuItem({ onSelect, keepOpen = false, children }: MenuItemProps) {
  function select(event: Event) {
    if (keepOpen) event.preventDefault();
    onSelect();
  }
  return (
    <DropdownMenu.Item onSelect={select} className={ITEM}>
      {children}
    </DropdownMenu.Item>
  );
}

/** Text in a menu, as a heading for the items after it. */
export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-3 py-2 text-sm text-text-quiet">{children}</DropdownMenu.Label>;
}

/** A line between groups of items. */
export function MenuSeparator() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />;
}
