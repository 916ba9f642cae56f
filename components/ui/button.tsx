"use client";

import type { ComponentProps } from "react";
import { LoaderCircle } from "lucide-react";
import { buttonClass, type ButtonVariant } from "@/components/ui/link";
import { useHydrated } from "@/hooks/use-seeded-query";

interface ButtonProps extends Omit<ComponentProps<"button">, "className"> {
  variant?: ButtonVariant;
  /** The button waits for the answer to its own press. The label, the width and the focus stay. */
  pending?: boolean;
  /** The button cannot do anything now, and says why by `aria-describedby` or when it is pressed. It can still be focused and read. */
  unavailable?: boolean;
}

/**
 * A button. While pending or unavailable it is `aria-disabled` instead of `disabled`, which would lose the keyboard focus. A button with an
 * `onClick` is also `aria-disabled` until it is hydrated: an earlier press would be lost silently.
 */
export function Button({
  variant = "secondary",
  pending = false,
  unavailable = false,
  children,
  ...rest
}: ButtonProps) {
  const hydrated = useHydrated();
  const inactive = rest.onClick !== undefined && !hydrated;
  return (
    <button
      type="button"
      {...rest}
      className={`${buttonClass(variant)} relative cursor-pointer ${unavailable ? "opacity-60" : ""}`}
      aria-disabled={pending || unavailable || inactive || undefined}
      aria-busy={pending || undefined}
    >
      <span className={`inline-flex items-center gap-2 ${pending ? "opacity-30" : ""}`}>{children}</span>
      {pending && <LoaderCircle aria-hidden className="absolute size-4 animate-spin" />}
    </button>
  );
}
