"use client";

import { usePathname } from "next/navigation";
import { CONTENT_ID, PARTICIPATION_ID } from "@/components/ui/link";

/** The first stop of the Tab key: past the header, to what the page is about. It is seen only while it has the focus. */
export function SkipLink() {
  const isHome = usePathname() === "/";
  return (
    <a
      href={`#${isHome ? PARTICIPATION_ID : CONTENT_ID}`}
      className="sr-only rounded-md border border-control bg-surface-raised px-3 py-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-30"
    >
      {isHome ? "Skip to your participation" : "Skip to the main content"}
    </a>
  );
}
