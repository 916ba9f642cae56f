/** A place holder. `className` gives it the size of what it stands for, so that nothing moves when that arrives. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden className={`block animate-pulse rounded-md bg-surface-sunken ${className}`} />;
}
