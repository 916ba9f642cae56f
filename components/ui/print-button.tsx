"use client";

import { Button } from "@/components/ui/button";

/** Opens the browser's dialog for printing this page. */
export function PrintButton() {
  return (
    <span className="noscript:hidden print:hidden">
      <Button onClick={() => window.print()}>Print</Button>
    </span>
  );
}
