import type { ReactNode } from "react";
import { ArrowUpRight } from "lucide-react";
import type { ButtonVariant } from "@/components/ui/button-class";
import { buttonClass } from "@/components/ui/button-class";

const INLINE =
  "inline-flex items-center gap-1 underline decoration-control underline-offset-4 hover:decoration-current";

interface ExternalLinkProps {
  href: string;
  /** Drawn as a button; as a link within text when absent. */
  variant?: ButtonVariant;
  children: ReactNode;
}

/** A link to another site, in a new tab. `noopener`: that site must not be able to steer this tab somewhere else. */
export function ExternalLink({ href, variant, children }: ExternalLinkProps) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className={variant ? buttonClass(variant) : INLINE}>
      {children}
      <ArrowUpRight aria-hidden className="size-4 shrink-0" />
      <span className="sr-only"> (opens in a new tab)</span>
    </a>
  );
}
