import { useId, type ComponentProps } from "react";

interface TextAreaProps extends Omit<ComponentProps<"textarea">, "className" | "id"> {
  label: string;
}

/** Some lines of text, with a label. */
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
