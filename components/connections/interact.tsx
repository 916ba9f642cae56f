"use client";

import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { FactsSkeleton, PersonFacts, ProviderRead } from "@/components/connections/provider-read";
import { Button } from "@/components/ui/button";
import { FailureNotice } from "@/components/ui/failure-notice";
import { Callout } from "@/components/ui/feedback";
import { Field, TextArea } from "@/components/ui/field";
import { callProvider, useProviderQuery } from "@/hooks/use-provider-query";
import { ENTRY_LIMITS } from "@/lib/providers/interact-limits";
import { failureOf } from "@/lib/result";

/** Reads the user's Interact profile. */
function useInteractUser() {
  return useProviderQuery(["interact", "readUser"], () => callProvider("interact", "readUser", {}));
}

/** Stores an entry in the user's Interact account. `error` is a `FailureError`; a failed entry is never sent again without a press. */
function useWriteData() {
  const { data, error, isPending, mutate } = useMutation({
    mutationFn: (entry: { title: string; text: string }) => callProvider("interact", "writeData", entry),
    retry: false,
  });
  const write = (entry: { title: string; text: string }, onStored: () => void) =>
    mutate(entry, { onSuccess: onStored });
  return { stored: data, error, writing: isPending, write };
}

interface Entry {
  title: string;
  text: string;
}

interface EntryFormProps {
  writing: boolean;
  /** `onStored` is called once the entry is stored. */
  onWrite: (entry: Entry, onStored: () => void) => void;
}

/** A form for one entry. It keeps the typed text until the entry is stored, so that nothing has to be typed again after a failure. */
function EntryForm({ writing, onWrite }: EntryFormProps) {
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    const isEmpty = title.trim() === "";
    setMissing(isEmpty);
    if (!isEmpty && !writing) onWrite({ title, text }, clear);
  }

  /** Text typed in the meantime belongs to another entry, and stays. */
  function clear() {
    setTitle((now) => (now === title ? "" : now));
    setText((now) => (now === text ? "" : now));
  }

  return (
    <form onSubmit={submit} noValidate className="grid max-w-xl gap-2">
      <Field
        label="Title"
        name="title"
        value={title}
        maxLength={ENTRY_LIMITS.title}
        required
        onChange={(event) => setTitle(event.target.value)}
        {...(missing && title.trim() === "" && { error: "An entry needs a title." })}
      />
      <TextArea
        label="Text"
        name="text"
        value={text}
        maxLength={ENTRY_LIMITS.text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="mt-2">
        <Button type="submit" pending={writing}>
          Store entry
        </Button>
      </div>
    </form>
  );
}

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
      skeleton={<FactsSkeleton lines={3} label="Loading your profile." />}
    >
      {({ id, name, email }) => (
        <PersonFacts
          facts={[
            { label: "Name", value: name || "Not given" },
            { label: "Email", value: email ?? "Not given" },
            { label: "Account", value: id, code: true },
          ]}
        />
      )}
    </ProviderRead>
  );
}

/** The form's own button stores again; only connecting again needs a button here. */
function WriteFailure({ error }: { error: Error }) {
  const failure = failureOf(error);
  const recovery = failure.recovery === "retry" ? "none" : failure.recovery;
  return <FailureNotice failure={{ ...failure, recovery }} returnTo="/connections" provider={INTERACT} />;
}

function StoreEntry() {
  const { stored, error, writing, write } = useWriteData();
  return (
    <div className="grid gap-4 noscript:hidden">
      <div>
        <h3 className="mb-2 font-medium">Store an entry</h3>
        <EntryForm writing={writing} onWrite={write} />
      </div>
      {error && <WriteFailure error={error} />}
      <div role="status">
        {stored && !writing && (
          <Callout tone="ok" title="Stored">
            {stored.title !== undefined && (
              <p>
                <bdi className="text-text">{stored.text ? `${stored.title}: ` : stored.title}</bdi>
                {stored.text && <bdi>{stored.text}</bdi>}
              </p>
            )}
            {stored.id !== undefined && (
              <p translate="no" className="mt-1 font-mono text-sm">
                {stored.id}
              </p>
            )}
          </Callout>
        )}
      </div>
    </div>
  );
}

/** The user's Interact profile, and a form that stores an entry in it. */
export function InteractAccount() {
  return (
    <div className="grid gap-6">
      <Profile />
      <StoreEntry />
    </div>
  );
}
