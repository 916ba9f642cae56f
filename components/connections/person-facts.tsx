import { Skeleton } from "@/components/ui/skeleton";

/** One thing known of a person. */
export interface Fact {
  label: string;
  value: string;
  /** Drawn in the font for codes. */
  code?: boolean;
}

/** Who somebody is, as a provider says. */
export function PersonFacts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[8rem_minmax(0,1fr)]">
      {facts.map(({ label, value, code = false }) => (
        <div key={label} className="contents">
          <dt className="text-sm text-text-quiet max-sm:not-first:mt-1">{label}</dt>
          <dd className={code ? "font-mono text-sm" : undefined}>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The size of that many facts. */
export function FactsSkeleton({ lines, label }: { lines: number; label: string }) {
  return (
    <div role="status" className="grid gap-2">
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} className="h-6 w-64 max-w-full" />
      ))}
    </div>
  );
}
