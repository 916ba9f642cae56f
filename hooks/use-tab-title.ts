"use client";

import { useEffect } from "react";
import { site } from "@/lib/config/site";

/** Puts words before the site's name in the tab's title, as long as there are any. The page's own title comes back after them. */
export function useTabTitle(words: string | undefined): void {
  useEffect(() => {
    if (words === undefined) return;
    const own = document.title;
    document.title = `${words} · ${site.name}`;
    return () => {
      document.title = own;
    };
  }, [words]);
}
