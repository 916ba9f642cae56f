import { SiteLinks } from "@/components/ui/link";
import { SupportLink } from "@/components/ui/support-link";
import { site } from "@/lib/config/site";

/** The end of every page. */
export function AppFooter() {
  return (
    <footer className="border-t border-line text-sm text-text-quiet">
      <div className="mx-auto flex max-w-6xl flex-wrap justify-between gap-x-8 gap-y-2 px-[min(1rem,5vw)] py-5 sm:px-6">
        <p>{site.footer}</p>
        <nav aria-label="Legal and help" className="flex flex-wrap gap-x-5 gap-y-2 empty:hidden print:hidden">
          <SiteLinks links={site.legal} />
          <SupportLink />
        </nav>
      </div>
    </footer>
  );
}
