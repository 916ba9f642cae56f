import type { ReactNode } from "react";

/** The smallest document that Next makes: what every page of any app costs. */
export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
