import type { ReactNode } from "react";
import { ArrowUpRight } from "lucide-react";
import type { SiteLink } from "@/lib/config/site";

/** The id of the part of each page below its header: the target of the skip link. */
export const CONTENT_ID = "content";

/** The id of the start page's part about its user: the target of its skip link. */
export const PARTICIPATION_ID = "participation";

/** The prominence of a control. A page has at most one `primary`. */
export type ButtonVariant = "primary" | "secondary" | "quiet";

const SHAPE =
  "inline-flex items-center justify-center gap-2 rounded-md font-medium text-center transition-colors duration-150 " +
  "aria-disabled:cursor-progress forced-colors:aria-disabled:text-[GrayText]";

const VARIANTS: Record<ButtonVariant, string> = {
  primary:
    "min-h-11 px-[min(1.25rem,6vw)] border border-transparent bg-accent text-text-on-accent shadow-raised hover:bg-[color-mix(in_oklab,var(--accent)_88%,var(--text))]",
  secondary: "min-h-9 px-3 border border-control bg-surface-raised text-text hover:bg-surface-sunken text-sm",
  quiet: "min-h-9 px-2 -mx-2 border border-transparent text-text-quiet hover:bg-surface-sunken hover:text-text text-sm",
};

/** The classes of a button, for buttons and for links that look like one. */
export function buttonClass(variant: ButtonVariant): string {
  return `${SHAPE} ${VARIANTS[variant]}`;
}

const INLINE =
  "inline-flex max-w-full items-center gap-1 underline decoration-control underline-offset-4 hover:decoration-current";

interface ExternalLinkProps {
  href: string;
  /** The look of a button; a text link if absent. */
  variant?: ButtonVariant;
  children: ReactNode;
}

/** A link to another site or to a document beside the page, in a new tab. With `noopener`, that site cannot navigate this tab. */
export function ExternalLink({ href, variant, children }: ExternalLinkProps) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" className={variant ? buttonClass(variant) : INLINE}>
      <span>{children}</span>
      <ArrowUpRight aria-hidden className="size-4 shrink-0" />
      <span className="sr-only">{" (opens in a new tab)"}</span>
    </a>
  );
}

interface HomeLinkProps {
  href?: string;
  label?: string;
  variant?: ButtonVariant;
}

/** A link to the start page (or another) by a document load: after an error, nothing of the old page may be kept. */
export function HomeLink({ href = "/", label = "Back to the sale", variant = "primary" }: HomeLinkProps) {
  return (
    <a href={href} className={buttonClass(variant)}>
      {label}
    </a>
  );
}

interface SiteLinksProps {
  links: readonly SiteLink[];
  /** The look of buttons; text links if absent. */
  variant?: ButtonVariant;
}

/** Links of `site.ts`. Another site opens in a new tab; a page of this site is a document load, like the way home. */
export function SiteLinks({ links, variant }: SiteLinksProps) {
  const className = variant ? buttonClass(variant) : "underline-offset-4 hover:underline";
  return links.map(({ label, href }) =>
    href.startsWith("https:") ? (
      <ExternalLink key={label} href={href} variant={variant}>
        {label}
      </ExternalLink>
    ) : (
      <a key={label} href={href} className={className}>
        {label}
      </a>
    ),
  );
}
