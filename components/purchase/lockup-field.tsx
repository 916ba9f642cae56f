interface LockupFieldProps {
  /** Why there is no choice; absent where there is one. */
  given?: "forced" | "already-on";
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}

const GIVEN = {
  forced: "The tokens you receive will be locked up. This sale requires it of your entity.",
  "already-on":
    "The tokens you receive will be locked up. Your commitment has a lockup already, which cannot be removed.",
};

/** Whether the tokens received are locked up: a choice, or the reason why it is none. */
export function LockupField({ given, checked, onChange, disabled = false }: LockupFieldProps) {
  if (given) return <p className="text-sm text-text-quiet">{GIVEN[given]}</p>;
  return (
    <label className="flex min-h-9 cursor-pointer items-start gap-3">
      <input
        type="checkbox"
        className="mt-1 size-4 shrink-0 accent-accent"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        Lock up the tokens I receive
        <span className="block text-sm text-text-quiet">
          Optional. Once committed with a lockup, it cannot be removed.
        </span>
      </span>
    </label>
  );
}
