import type { ReactNode } from "react";

interface SalePageProps {
  /** What concerns this person. */
  journey: ReactNode;
  /** What everybody may know about the sale; below the journey on a phone. */
  sale: ReactNode;
}

/** The page's two columns. */
export function SalePage({ journey, sale }: SalePageProps) {
  return (
    <main className="mx-auto grid max-w-6xl gap-12 px-4 py-8 sm:px-6 sm:py-12 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-16">
      <div className="grid min-w-0 content-start gap-8">{journey}</div>
      <div className="min-w-0">{sale}</div>
    </main>
  );
}
