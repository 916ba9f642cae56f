import { buttonClass, ExternalLink, type ButtonVariant } from "@/components/ui/link";
import type { SiteLink } from "@/lib/config/site";

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
