"use client";

import { createContext, use, type ReactNode } from "react";
import { ExternalLink } from "@/components/ui/link";

const SupportContext = createContext<string | undefined>(undefined);

/** Gives all failures below it the address for help. It is a context, because failures appear at every depth of the page. */
export function SupportProvider({ url, children }: { url?: string; children: ReactNode }) {
  return <SupportContext value={url}>{children}</SupportContext>;
}

/** A link to the operator's support; nothing if no address is set (SUPPORT_URL). */
export function SupportLink() {
  const url = use(SupportContext);
  return url && <ExternalLink href={url}>Contact support</ExternalLink>;
}
