import { ExternalLink } from "@/components/ui/link";
import type { SiteLink } from "@/lib/config/site";

interface SiteLinksProps {
  links: readonly SiteLink[];
  /** The look of a link to a page of this site. */
  className?: string;
}

/** Links of `site.ts`. Another site opens in a new tab; a page of this site is a document load, like the way home. */
export function SiteLinks({ links, className = "underline-offset-4 hover:underline" }: SiteLinksProps) {
  return links.map(({ label, href }) =>
    href.startsWith("https:") ? (
      <ExternalLink key={label} href={href}>
        {label}
      </ExternalLink>
    ) : (
      <a key={label} href={href} className={className}>
        {label}
      </a>
    ),
  );
}
