"use client";

import { createContext, use, type ReactNode } from "react";
import { ExternalLink } from "@/components/ui/link";

const SupportContext = createContext<string | undefined>(undefined);

/** Tells every failure below it where users get help. A context, because failures appear at every depth of the page. */
export function SupportProvider({ url, children }: { url?: string; children: ReactNode }) {
  return <SupportContext value={url}>{children}</SupportContext>;
}

/** The way to a person. Nothing where the operator has named none (SUPPORT_URL). */
export function SupportLink() {
  const url = use(SupportContext);
  return url && <ExternalLink href={url}>Contact support</ExternalLink>;
}
