"use client";

import { useSyncExternalStore, type ComponentProps } from "react";
import { LoaderCircle } from "lucide-react";
import { buttonClass, type ButtonVariant } from "@/components/ui/link";

const never = () => () => undefined;

/** Whether this part of the page can answer already: the server's markup is seen before its code has run. */
function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

interface ButtonProps extends Omit<ComponentProps<"button">, "className"> {
  variant?: ButtonVariant;
  /** Waiting for the answer to its own press. The label and the width stay, and so does the focus. */
  pending?: boolean;
  /** Cannot do anything now; says why by `aria-describedby`, or when it is pressed all the same. It can be reached and read. */
  unavailable?: boolean;
}

/**
 * A button. While pending or unavailable it is `aria-disabled` and not `disabled`, which would throw the keyboard focus away. So it is until it
 * can hear its press, where that needs code: one that came too early would be lost without a word.
 */
export function Button({
  variant = "secondary",
  pending = false,
  unavailable = false,
  children,
  ...rest
}: ButtonProps) {
  const hydrated = useHydrated();
  const deaf = rest.onClick !== undefined && !hydrated;
  return (
    <button
      type="button"
      {...rest}
      className={`${buttonClass(variant)} relative cursor-pointer ${unavailable ? "opacity-60" : ""}`}
      aria-disabled={pending || unavailable || deaf || undefined}
      aria-busy={pending || undefined}
    >
      <span className={`inline-flex items-center gap-2 ${pending ? "opacity-30" : ""}`}>{children}</span>
      {pending && <LoaderCircle aria-hidden className="absolute size-4 animate-spin" />}
    </button>
  );
}
