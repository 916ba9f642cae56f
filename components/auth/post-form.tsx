"use client";

import { useEffect, useRef, useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import type { ButtonVariant } from "@/components/ui/link";

interface PostFormProps {
  action: string;
  label: string;
  /** The end of the label, for screen readers only: where it stands already says it to the eye. */
  unseenLabel?: string | undefined;
  variant?: ButtonVariant;
  /** Where on this site to come back to. */
  returnTo?: string;
}

/**
 * One button that posts to a route. A plain form: it works before hydration and without JavaScript. With it, a second
 * press is ignored until the answer is there, since a second flow would replace the one that the user is in.
 */
export function PostForm({ action, label, unseenLabel, variant, returnTo }: PostFormProps) {
  const sent = useRef(false);
  const [pending, setPending] = useState(false);

  useEffect(() => {
    // A page that comes back from the back/forward cache would otherwise keep its button waiting for ever.
    function release() {
      sent.current = false;
      setPending(false);
    }
    window.addEventListener("pageshow", release);
    return () => window.removeEventListener("pageshow", release);
  }, []);

  // The ref and not the state decides: two presses can come before React has rendered the first.
  function submitOnce(event: FormEvent) {
    if (sent.current) event.preventDefault();
    sent.current = true;
    setPending(true);
  }

  return (
    <form method="post" action={action} onSubmit={submitOnce}>
      {returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />}
      <Button type="submit" variant={variant} pending={pending}>
        <span>
          {label}
          {unseenLabel && <span className="sr-only"> {unseenLabel}</span>}
        </span>
      </Button>
    </form>
  );
}
