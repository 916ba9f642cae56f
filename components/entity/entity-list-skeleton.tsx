import { Skeleton } from "@/components/ui/skeleton";

/** Stands for a list of one entity, line by line as high as its card. */
export function EntityListSkeleton() {
  return (
    <div role="status" className="rounded-lg border border-line bg-surface-raised p-4 shadow-raised sm:p-5">
      <span className="sr-only">Reading your entities.</span>
      <div className="flex h-11 items-start justify-between gap-4">
        <Skeleton className="h-5 w-40" />
        <Skeleton className="h-6 w-20" />
      </div>
      <div className="mt-3 flex h-6 items-center">
        <Skeleton className="h-4 w-3/4" />
      </div>
      <div className="mt-3 flex h-17 items-center sm:h-5">
        <Skeleton className="h-4 w-full max-w-96" />
      </div>
    </div>
  );
}
