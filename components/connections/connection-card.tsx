import type { ReactNode } from "react";
import { Badge } from "@/components/ui/feedback";

/** For the operator of this site: which variables are not set. Their names only. */
export function MissingVariables({ names }: { names: readonly string[] }) {
  return (
    <>
      <p>
        This site has no credentials for it yet. Its operator sets{" "}
        {names.length === 1 ? "this variable" : "these variables"}:
      </p>
      <ul className="mt-2 grid gap-1">
        {names.map((name) => (
          <li key={name} className="font-mono text-sm">
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}

/** How a provider stands to this user. */
export type ConnectionStanding = "connected" | "open" | "not-set-up";

/**
 * A connection can turn out to have ended after the page was made. What the card then shows has a form to connect again in it, and the
 * badge must not contradict it.
 */
const CONNECTED = (
  <>
    <span className="group-has-[form[action^='/auth/connect/']]:hidden">
      <Badge tone="ok">Connected</Badge>
    </span>
    <span className="hidden group-has-[form[action^='/auth/connect/']]:inline">
      <Badge tone="warn">Ended</Badge>
    </span>
  </>
);

const BADGES = {
  connected: CONNECTED,
  open: <Badge>Not connected</Badge>,
  "not-set-up": <Badge tone="warn">Not set up</Badge>,
} as const;

interface ConnectionCardProps {
  id: string;
  name: string;
  /** What connecting it is good for, in a sentence. */
  about: string;
  standing: ConnectionStanding;
  /** Connect or disconnect. */
  control?: ReactNode;
  children?: ReactNode;
}

/** One provider: what it is, how it stands, and what can be done with it. */
export function ConnectionCard({ id, name, about, standing, control, children }: ConnectionCardProps) {
  const titleId = `connection-${id}`;
  return (
    <section aria-labelledby={titleId} className="group rounded-lg border border-line bg-surface-raised p-5 sm:p-6">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 id={titleId} className="text-lg font-semibold tracking-tight">
            {name}
          </h2>
          {BADGES[standing]}
        </div>
        {control}
      </div>
      <p className="mt-1 max-w-prose text-text-quiet">{about}</p>
      {children && <div className="mt-5 border-t border-line pt-5">{children}</div>}
    </section>
  );
}
