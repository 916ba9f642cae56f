"use client";

import { useEffect } from "react";
import { Button } from "@/components/ui/button";
import { errorDigest, ErrorView } from "@/components/ui/error-view";
import { reloadPage } from "@/hooks/page-provider";
import { site } from "@/lib/config/site";

const TITLE = "This page could not be shown";

/** "Try again" loads the document: the page's own way to try again needs parts of the browser that may be what is missing (plain http). */
export default function ErrorPage({ error }: { error: unknown }) {
  const reference = errorDigest(error);
  useEffect(() => void (document.title = `${TITLE} · ${site.name}`), []);
  return (
    <ErrorView
      title={TITLE}
      message="Something went wrong on this site."
      suggestion={`Try again. If it keeps happening, report it${reference ? " with the reference below" : ""}.`}
      action={
        <Button variant="primary" onClick={reloadPage}>
          Try again
        </Button>
      }
      reference={reference}
    />
  );
}
