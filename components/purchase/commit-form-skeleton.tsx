import { Skeleton } from "@/components/ui/skeleton";

/** Stands for the form while Sonar is asked. */
export function CommitFormSkeleton() {
  return (
    <div role="status" className="grid gap-5">
      <span className="sr-only">Asking Sonar what you may commit.</span>
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-13 w-full" />
      <Skeleton className="h-11 w-40" />
    </div>
  );
}
