import type { Metadata } from "next";
import { ErrorView } from "@/components/ui/error-view";
import { HomeLink } from "@/components/ui/link";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <ErrorView
      title="Page not found"
      message="The address is not one of this site's pages."
      suggestion="It may have been mistyped, or the page has moved."
      action={<HomeLink />}
    />
  );
}
