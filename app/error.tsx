"use client";

import { Button } from "@/components/ui/button";
import { errorDigest, ErrorView } from "@/components/ui/error-view";

interface ErrorPageProps {
  error: unknown;
  retry: () => void;
}

export default function ErrorPage({ error, retry }: ErrorPageProps) {
  const reference = errorDigest(error);
  return (
    <ErrorView
      title="This page could not be shown"
      message="Something went wrong on this site."
      suggestion={`Try again. If it keeps happening, report it${reference ? " with the reference below" : ""}.`}
      action={
        <Button variant="primary" onClick={retry}>
          Try again
        </Button>
      }
      reference={reference}
    />
  );
}
