import type { ReactNode } from "react";
import { Callout } from "@/components/ui/feedback";
import { site } from "@/lib/config/site";

/** A page of text, such as the terms. */
export function TextPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto grid max-w-3xl gap-8 px-[min(1rem,5vw)] py-8 sm:px-6 sm:py-12">
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      {site.legalNotice && <Callout tone="warn">{site.legalNotice}</Callout>}
      <div className="contents">{children}</div>
    </main>
  );
}

/** A part of a page of text. */
export function TextSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid max-w-prose gap-2">
      <h2 className="text-lg font-medium">{title}</h2>
      <div className="contents">{children}</div>
    </section>
  );
}
