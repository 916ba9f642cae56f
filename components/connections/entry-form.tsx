"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { TextArea } from "@/components/ui/text-area";
import { ENTRY_LIMITS } from "@/lib/providers/interact-limits";

interface Entry {
  title: string;
  text: string;
}

interface EntryFormProps {
  writing: boolean;
  /** `onStored` is called once the entry is safe. */
  onWrite: (entry: Entry, onStored: () => void) => void;
}

/** A form for one entry. It keeps what was typed until that is stored, so that after a failure nothing has to be typed again. */
export function EntryForm({ writing, onWrite }: EntryFormProps) {
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    const isEmpty = title.trim() === "";
    setMissing(isEmpty);
    if (!isEmpty && !writing) onWrite({ title, text }, clear);
  }

  /** What was typed meanwhile is another entry, and stays. */
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
