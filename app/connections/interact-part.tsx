"use client";

import { EntryForm } from "@/components/connections/entry-form";
import { FactsSkeleton, PersonFacts } from "@/components/connections/person-facts";
import { ProviderRead } from "@/components/connections/provider-read";
import { FailureNotice } from "@/components/failure-notice";
import { Callout } from "@/components/ui/callout";
import { useInteractUser } from "@/hooks/use-interact-user";
import { useWriteData } from "@/hooks/use-write-data";
import { failureOf } from "@/lib/failure-error";

const INTERACT = { id: "interact", name: "Interact" };

function Profile() {
  const { asked, data, error, refreshing, ask } = useInteractUser();
  return (
    <ProviderRead
      provider={INTERACT}
      label="Show profile"
      asked={asked}
      data={data}
      failure={error && failureOf(error)}
      refreshing={refreshing}
      onAsk={ask}
      skeleton={<FactsSkeleton lines={3} label="Reading your profile." />}
    >
      {({ id, name, email }) => (
        <PersonFacts
          facts={[
            { label: "Name", value: name },
            { label: "Email", value: email ?? "Not given" },
            { label: "Account", value: id, code: true },
          ]}
        />
      )}
    </ProviderRead>
  );
}

/** Storing again is the form's own button, which is still there; only another connection needs one of its own. */
function WriteTrouble({ error }: { error: Error }) {
  const failure = failureOf(error);
  const recovery = failure.recovery === "retry" ? "none" : failure.recovery;
  return <FailureNotice failure={{ ...failure, recovery }} returnTo="/connections" provider={INTERACT} />;
}

function Entry() {
  const { stored, error, writing, write } = useWriteData();
  return (
    <div className="grid gap-4 noscript:hidden">
      <div>
        <h3 className="mb-2 font-medium">Store an entry</h3>
        <EntryForm writing={writing} onWrite={write} />
      </div>
      {error && <WriteTrouble error={error} />}
      <div role="status">
        {stored && !writing && (
          <Callout tone="ok" title="Stored">
            <p>
              <bdi className="text-text">{stored.title}</bdi>
              {stored.text !== "" && (
                <>
                  : <bdi>{stored.text}</bdi>
                </>
              )}
            </p>
            <p className="mt-1 font-mono text-sm">{stored.id}</p>
          </Callout>
        )}
      </div>
    </div>
  );
}

/** The user's Interact profile, and a form that stores something in it. */
export function InteractPart() {
  return (
    <div className="grid gap-6">
      <Profile />
      <Entry />
    </div>
  );
}
