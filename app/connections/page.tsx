import type { ReactNode } from "react";
import type { Metadata } from "next";
import { visitorPage } from "@/app/_home/visitor";
import { ConnectForm, DisconnectForm, SignInForm } from "@/components/auth/forms";
import { providerContents } from "@/components/connections/contents";
import { FailureNotice } from "@/components/ui/failure-notice";
import { Badge } from "@/components/ui/feedback";
import { HomeLink } from "@/components/ui/link";
import { readConnections, type Connection } from "@/lib/connections";
import { guarded } from "@/lib/http/guarded";

/** Tells the operator of this site which variables are missing: their names only. */
function MissingVariables({ names }: { names: readonly string[] }) {
  return (
    <>
      <p>
        {names.length === 1
          ? "This site has no credentials for this service yet. The operator has to set this variable:"
          : "This site has no credentials for this service yet. The operator has to set these variables:"}
      </p>
      <ul className="mt-2 grid gap-1">
        {names.map((name) => (
          <li key={name} translate="no" className="font-mono text-sm">
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The state of this user's connection to a provider. */
type ConnectionState = "connected" | "open" | "not-set-up";

/**
 * A connection may have ended since the page was rendered. The card then contains a form to connect again, and the badge must not
 * contradict it.
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

function StateBadge({ state }: { state: ConnectionState }) {
  if (state === "connected") return CONNECTED;
  return state === "open" ? <Badge>Not connected</Badge> : <Badge tone="warn">Not set up</Badge>;
}

interface ConnectionCardProps {
  id: string;
  name: string;
  /** One sentence about the use of a connection. */
  about: string;
  state: ConnectionState;
  /** The form to connect or disconnect. */
  control?: ReactNode;
  children?: ReactNode;
}

/** One provider: its name, the state of its connection, and the things that the user can do with it. */
function ConnectionCard({ id, name, about, state, control, children }: ConnectionCardProps) {
  const titleId = `connection-${id}`;
  return (
    <section
      aria-labelledby={titleId}
      className="group rounded-lg border border-line bg-surface-raised p-[min(1.25rem,6vw)] sm:p-6"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 id={titleId} className="text-lg font-semibold tracking-tight">
            {name}
          </h2>
          <StateBadge state={state} />
        </div>
        {control}
      </div>
      <p className="mt-1 max-w-prose text-text-quiet">{about}</p>
      {children && <div className="mt-5 border-t border-line pt-5">{children}</div>}
    </section>
  );
}

export const metadata: Metadata = { title: "Connections" };

/** In seconds. The page's calls are abandoned after UPSTREAM_TIMEOUT_MS; a serverless host must not end them before that. */
export const maxDuration = 60;

const PATH = "/connections";

function stateOf({ connected, missing }: Connection): ConnectionState {
  if (missing.length > 0) return "not-set-up";
  return connected ? "connected" : "open";
}

function ProviderCard({ connection }: { connection: Connection }) {
  const { id, name, connected, missing } = connection;
  const state = stateOf(connection);
  const { about = "An account that can be connected.", content } = providerContents.get(id) ?? {};
  const form = { returnTo: PATH, provider: { id, name }, brief: true };
  const shown: Record<ConnectionState, ReactNode> = {
    connected: content,
    open: undefined,
    "not-set-up": <MissingVariables names={missing} />,
  };
  // A provider that is no longer set up may still have a connection, which the user can end.
  const disconnectForm = connected && <DisconnectForm {...form} />;
  const connectForm = state === "open" && <ConnectForm {...form} variant="secondary" />;
  return (
    <ConnectionCard id={id} name={name} about={about} state={state} control={disconnectForm || connectForm}>
      {shown[state]}
    </ConnectionCard>
  );
}

function SonarCard({ connected }: { connected: boolean }) {
  const form = { returnTo: PATH, brief: true };
  return (
    <ConnectionCard
      id="sonar"
      name="Sonar"
      about="Echo's token-sale platform. The sale itself needs this connection."
      state={connected ? "connected" : "open"}
      control={connected ? <DisconnectForm {...form} /> : <ConnectForm {...form} variant="secondary" />}
    >
      {connected && <HomeLink label="Go to the sale" variant="secondary" />}
    </ConnectionCard>
  );
}

async function Cards({ sonar }: { sonar: boolean }) {
  const connections = await guarded("connections", readConnections);
  if (!connections.ok) return <FailureNotice failure={connections.error} returnTo={PATH} />;
  return (
    <div className="grid gap-4">
      <SonarCard connected={sonar} />
      {connections.data.map((connection) => (
        <ProviderCard key={connection.id} connection={connection} />
      ))}
    </div>
  );
}

/** All providers that an account can be connected to: connect, use, disconnect. */
export default function ConnectionsPage() {
  return visitorPage(({ signedIn, sonarConnected }) => (
    <main className="mx-auto grid max-w-3xl gap-8 px-[min(1rem,5vw)] py-8 sm:px-6 sm:py-12">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Connections</h1>
        <p className="mt-2 max-w-prose text-text-quiet">
          Accounts that this site may use. Their tokens stay on the server, and disconnecting deletes them.
        </p>
      </div>
      {signedIn ? (
        <Cards sonar={sonarConnected} />
      ) : (
        <div className="grid justify-items-start gap-4">
          <p>Sign in to see and change your connections.</p>
          <SignInForm returnTo={PATH} />
        </div>
      )}
    </main>
  ));
}
