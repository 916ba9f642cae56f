"use client";

import { useEffect, useRef, useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import type { ButtonVariant } from "@/components/ui/link";
import { CONNECT_FIELD } from "@/lib/journey/journey-step";
import { failure } from "@/lib/result";

interface PostFormProps {
  action: string;
  label: string;
  /** The end of the label, for screen readers only: sighted users see it from the context. */
  unseenLabel?: string | undefined;
  variant?: ButtonVariant;
  /** Path of this site to return to. */
  returnTo?: string;
  /** Name and value of a further field. */
  field?: readonly [name: string, value: string];
}

const OFFLINE = failure("request/offline");

/** Asked only where the browser says that there is no network: on the machine that serves this site, it can be reached without one. */
function isReachable(): Promise<boolean> {
  return fetch("/api/health", { method: "HEAD", cache: "no-store" }).then(
    () => true,
    () => false,
  );
}

/**
 * One button that posts to a route. As a plain form, it works before hydration and without JavaScript. With JavaScript, a second press is
 * ignored until the answer arrives: a second flow would replace the one that the user is in.
 */
function PostForm({ action, label, unseenLabel, variant, returnTo, field }: PostFormProps) {
  const sent = useRef(false);
  const [pending, setPending] = useState(false);
  const [offline, setOffline] = useState(false);

  useEffect(() => {
    // After a return from the back/forward cache, the button would otherwise stay pending forever.
    function release() {
      sent.current = false;
      setPending(false);
    }
    window.addEventListener("pageshow", release);
    return () => window.removeEventListener("pageshow", release);
  }, []);

  /** A form that is sent without a network ends in the browser's own error page, and what was typed into this one is gone. */
  async function sendIfReachable(form: HTMLFormElement) {
    if (await isReachable()) return form.submit();
    sent.current = false;
    setPending(false);
    setOffline(true);
  }

  // The ref decides, not the state: two presses can come before React renders the first.
  function submitOnce(event: FormEvent<HTMLFormElement>) {
    const again = sent.current;
    sent.current = true;
    setPending(true);
    setOffline(false);
    if (again || !navigator.onLine) event.preventDefault();
    if (!again && !navigator.onLine) void sendIfReachable(event.currentTarget);
  }

  return (
    <form method="post" action={action} onSubmit={submitOnce}>
      {returnTo !== undefined && <input type="hidden" name="returnTo" value={returnTo} />}
      {field && <input type="hidden" name={field[0]} value={field[1]} />}
      <Button type="submit" variant={variant} pending={pending}>
        <span>{label}</span>
        {unseenLabel && <span className="sr-only">{` ${unseenLabel}`}</span>}
      </Button>
      {offline && (
        <p role="alert" className="max-w-72 text-sm text-bad">
          {`${OFFLINE.message} Nothing was sent. ${OFFLINE.suggestion}`}
        </p>
      )}
    </form>
  );
}

/** A provider that an account can be connected to. */
export interface ConnectTarget {
  id: string;
  name: string;
}

interface ConnectFormProps {
  /** Path of this site to return to. */
  returnTo: string;
  /** True after a connection that ended or an attempt that failed. */
  again?: boolean;
  /** Sonar if absent. */
  provider?: ConnectTarget | undefined;
  variant?: ButtonVariant;
  /** True under a heading that names the provider: the button then shows only the verb. */
  brief?: boolean;
}

const WITH_SONAR: ConnectTarget = { id: "sonar", name: "with Sonar" };

function connectLabel(name: string, brief: boolean) {
  return brief ? { label: "Connect", unseenLabel: name } : { label: `Connect ${name}` };
}

/** Sends the user to a provider to connect an account. */
export function ConnectForm({ returnTo, again = false, brief = false, ...rest }: ConnectFormProps) {
  const { provider = WITH_SONAR, variant = "primary" } = rest;
  const form = { action: `/auth/connect/${provider.id}`, variant, returnTo };
  if (again) return <PostForm {...form} label="Connect again" />;
  return <PostForm {...form} {...connectLabel(provider.name, brief)} />;
}

interface DisconnectFormProps {
  /** Path of this site to return to. */
  returnTo: string;
  /** Sonar if absent. */
  provider?: ConnectTarget;
  /** True under a heading that names the provider: the button then shows only the verb. */
  brief?: boolean;
}

const SONAR: ConnectTarget = { id: "sonar", name: "Sonar" };

/** Deletes this user's connection to a provider; nothing changes on their account there. */
export function DisconnectForm({ returnTo, provider = SONAR, brief = false }: DisconnectFormProps) {
  const form = { action: `/auth/disconnect/${provider.id}`, variant: "quiet", returnTo } as const;
  if (brief) return <PostForm {...form} label="Disconnect" unseenLabel={provider.name} />;
  return <PostForm {...form} label={`Disconnect ${provider.name}`} />;
}

/** Signs in on this site. `connects`: the same press begins connecting Sonar. */
export function SignInForm({ returnTo, connects = false }: { returnTo?: string; connects?: boolean }) {
  const form = { action: "/auth/sign-in", variant: "primary", returnTo } as const;
  if (connects) return <PostForm {...form} label="Sign in and connect Sonar" field={[CONNECT_FIELD, "1"]} />;
  return <PostForm {...form} label="Sign in" />;
}

const SIGN_OUT = "/auth/sign-out";

/** Ends this browser's session; with the last one of its user, the connections end too. */
export function SignOutForm() {
  return <PostForm action={SIGN_OUT} label="Sign out" variant="quiet" />;
}

/** Ends another session of the user, by the handle that the list of browsers has. */
export function SignOutBrowserForm({ handle }: { handle: string }) {
  return (
    <PostForm action={SIGN_OUT} label="Sign out" unseenLabel="there" variant="quiet" field={["browser", handle]} />
  );
}

/** Ends every session of the user, and every connection. */
export function SignOutEverywhereForm() {
  return <PostForm action={SIGN_OUT} label="Sign out everywhere" field={["everywhere", "1"]} />;
}
