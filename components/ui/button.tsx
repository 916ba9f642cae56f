"use client";

import { useImperativeHandle, useRef, type ComponentProps, type MouseEvent } from "react";
import { LoaderCircle } from "lucide-react";
import { buttonClass, type ButtonVariant } from "@/components/ui/link";
import { useEarlyPress } from "@/hooks/use-early-press";

interface ButtonProps extends Omit<ComponentProps<"button">, "className"> {
  variant?: ButtonVariant;
  /** The button waits for the answer to its own press. The label, the width and the focus stay. */
  pending?: boolean;
  /** The button cannot do anything now, and says why by `aria-describedby` or when it is pressed. It can still be focused and read. */
  unavailable?: boolean;
}

/**
 * A button. While pending or unavailable it is `aria-disabled` instead of `disabled`, which would lose the keyboard focus. A press before it is
 * hydrated counts as soon as it is.
 */
export function Button({
  variant = "secondary",
  pending = false,
  unavailable = false,
  children,
  onClick,
  ref,
  ...rest
}: ButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  useImperativeHandle<HTMLButtonElement | null, HTMLButtonElement | null>(ref, () => button.current);
  const early = useEarlyPress(button, () => button.current?.click());

  function press(event: MouseEvent<HTMLButtonElement>) {
    early.forget();
    onClick?.(event);
  }

  return (
    <button
      type="button"
      {...rest}
      {...early.waits}
      ref={button}
      onClick={press}
      className={`${buttonClass(variant)} relative cursor-pointer data-pressed:cursor-progress data-pressed:opacity-60 ${unavailable ? "opacity-60" : ""}`}
      aria-disabled={pending || unavailable || undefined}
      aria-busy={pending || undefined}
    >
      <span className={`inline-flex items-center gap-2 ${pending ? "opacity-30" : ""}`}>{children}</span>
      {pending && <LoaderCircle aria-hidden className="absolute size-4 animate-spin" />}
    </button>
  );
}
