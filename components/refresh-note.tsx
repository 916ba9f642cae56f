import type { Failure } from "@/lib/result";
import type { Retry } from "@/components/retry-button";
import { RetryButton } from "@/components/retry-button";

interface RefreshNoteProps extends Retry {
  failure: Failure;
}

/** Says quietly that what is shown could not be renewed: data that was good a moment ago is worth more than an error. */
export function RefreshNote({ failure, ...retry }: RefreshNoteProps) {
  return (
    <div role="status" className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-sm text-text-quiet">
      <p className="min-w-0 flex-1 basis-48">This may be out of date. {failure.message}</p>
      {failure.recovery === "retry" && <RetryButton {...retry} variant="quiet" />}
    </div>
  );
}
