import { Skeleton } from "@/components/ui/skeleton";

const ROWS = [1, 2, 3, 4, 5, 6];

/** Stands for the totals, the chart and a full list of latest commitments, line by line as high as they are. */
export function SaleFiguresSkeleton() {
  return (
    <div role="status" className="grid gap-6">
      <span className="sr-only">Reading the figures of the sale.</span>
      <div className="grid h-18 content-between">
        <Skeleton className="h-4 w-20" />
        <Skeleton className="h-6 w-44" />
        <Skeleton className="h-4 w-28" />
      </div>
      <div>
        <div className="flex h-6 items-center">
          <Skeleton className="h-4 w-44" />
        </div>
        <Skeleton className="mt-2 h-44 w-full" />
        <div className="mt-1 flex h-10 items-center">
          <Skeleton className="h-4 w-full" />
        </div>
        <div className="mt-2 flex h-5 items-center">
          <Skeleton className="h-4 w-24" />
        </div>
      </div>
      <div>
        <div className="flex h-6 items-center">
          <Skeleton className="h-4 w-40" />
        </div>
        <div className="mt-1">
          {ROWS.map((row) => (
            <div key={row} className="flex h-8 items-center">
              <Skeleton className="h-4 w-full" />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
