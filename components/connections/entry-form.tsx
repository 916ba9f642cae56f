"use client";

import { useState, type FormEvent } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";

interface Entry {
  title: string;
  text: string;
}

interface EntryFormProps {
  writing: boolean;
  onWrite: (entry: Entry) => void;
}

const LONGEST_TITLE = 120;
const LONGEST_TEXT = 2_000;

/** A form for one entry. It keeps what was typed, so that after a failure nothing has to be typed again. */
export function EntryForm({ writing, onWrite }: EntryFormProps) {
  const [title, setTitle] = useState("");
  const [text, setText] = useState("");
  const [missing, setMissing] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    const isEmpty = title.trim() === "";
    setMissing(isEmpty);
    if (!isEmpty && !writing) onWrite({ title, text });
  }

  return (
    <form onSubmit={submit} noValidate className="grid max-w-xl gap-2 noscript:hidden">
      <Field
        label="Title"
        name="title"
        value={title}
        maxLength={LONGEST_TITLE}
        required
        onChange={(event) => setTitle(event.target.value)}
        {...(missing && title.trim() === "" && { error: "An entry needs a title." })}
      />
      <Field
        label="Text"
        name="text"
        value={text}
        maxLength={LONGEST_TEXT}
        onChange={(event) => setText(event.target.value)}
      />
      <div>
        <Button type="submit" pending={writing}>
          Store entry
        </Button>
      </div>
    </form>
  );
}
