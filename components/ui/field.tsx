import { useId, type ComponentProps, type ReactNode } from "react";

interface FieldProps extends Omit<ComponentProps<"input">, "className" | "id"> {
  label: string;
  /** Content after the input, such as a unit. */
  suffix?: ReactNode;
  /** Content beside the label, such as a button that fills the field. */
  control?: ReactNode;
  /** Help before typing. */
  hint?: ReactNode;
  /** The problem with the typed text. It replaces the hint in the line reserved for it. */
  error?: string;
}

/** One input with its label, and one line below for the hint or the problem; nothing moves when it changes. */
export function Field({ label, suffix, control, hint, error, ...input }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className="grid gap-1.5">
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {control}
      </div>
      <div
        className={`flex flex-wrap items-center gap-x-2 rounded-md border bg-surface px-3 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent ${error ? "border-bad" : "border-control"}`}
      >
        <input
          {...input}
          id={id}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={noteId}
          className="min-h-11 min-w-0 flex-[1_1_6ch] bg-transparent text-lg tabular-nums outline-none placeholder:text-text-quiet"
        />
        {suffix && <span className="shrink-0 text-text-quiet">{suffix}</span>}
      </div>
      <p id={noteId} aria-live="polite" className={`min-h-5 text-sm ${error ? "text-bad" : "text-text-quiet"}`}>
        {error ?? hint}
      </p>
    </div>
  );
}

interface TextAreaProps extends Omit<ComponentProps<"textarea">, "className" | "id"> {
  label: string;
}

/** A text area with its label. */
export function TextArea({ label, rows = 3, ...textarea }: TextAreaProps) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="flex min-h-9 items-center font-medium">
        {label}
      </label>
      <textarea
        {...textarea}
        id={id}
        rows={rows}
        className="w-full rounded-md border border-control bg-surface px-3 py-2 text-lg"
      />
    </div>
  );
}
