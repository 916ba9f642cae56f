import type { ReactNode } from "react";
import { SignOutForm } from "@/components/auth/forms";
import { ThemeMenu } from "@/components/layout/theme-menu";
import { ConnectionState } from "@/components/layout/connection-state";
import { Callout } from "@/components/ui/feedback";
import { buttonClass, SiteLinks } from "@/components/ui/link";
import { site, type SiteLogo } from "@/lib/config/site";
import type { Theme } from "@/lib/http/cookies";

interface AppHeaderProps {
  signedIn: boolean;
  /** The name of the person who is signed in, if it is known. */
  name?: string | undefined;
  connected: boolean;
  /** True if there is anything to connect besides Sonar. */
  connections: boolean;
  /** True if there is a sale contract to have done something with. */
  activity: boolean;
  theme: Theme;
  wallet?: ReactNode;
}

/**
 * Leads to the list of the user's browsers. A long name is cut short. On narrow screens it has a line of its own, where nothing else has to give
 * way.
 */
function SignedInAs({ name }: { name: string | undefined }) {
  return (
    <p
      className="min-w-0 truncate text-sm text-text-quiet max-lg:order-last max-lg:basis-full lg:max-w-40"
      title={name}
    >
      <a href="/account" className="rounded-md underline-offset-4 hover:underline">
        {name === undefined ? (
          "Account"
        ) : (
          <>
            <span className="sr-only">{"Account. Signed in as "}</span>
            <bdi translate="no">{name}</bdi>
          </>
        )}
      </a>
    </p>
  );
}

/** In CSS pixels: the header keeps its height. */
const LOGO_HEIGHT = 36;

/**
 * An SVG needs no optimisation, and other files are the fork's own choice. The width is always given, because an SVG may have none of its
 * own and would then not be seen.
 */
function Logo({ src, width, height }: SiteLogo) {
  const scale = Math.min(1, LOGO_HEIGHT / height);
  // eslint-disable-next-line @next/next/no-img-element
  return <img src={src} width={width * scale} height={height * scale} alt={site.name} className="max-w-full" />;
}

function PageLinks({ connections, activity }: Pick<AppHeaderProps, "connections" | "activity">) {
  return (
    <>
      <SiteLinks links={site.navigation} variant="quiet" />
      {activity && (
        <a href="/activity" className={buttonClass("quiet")}>
          Activity
        </a>
      )}
      {connections && (
        <a href="/connections" className={buttonClass("quiet")}>
          Connections
        </a>
      )}
    </>
  );
}

/** The page's header. "Sign out" is a visible button, not a menu item, because it has to work without JavaScript. */
export function AppHeader(props: AppHeaderProps) {
  const { signedIn, name, connected, theme, wallet } = props;
  return (
    <header className="border-b border-line bg-surface-raised print:hidden">
      <div className="mx-auto flex min-h-14 max-w-6xl items-center gap-x-2.5 px-[min(1rem,5vw)] py-2 max-lg:flex-wrap sm:gap-x-4 sm:px-6">
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2.5 gap-y-1 md:gap-x-6 max-lg:basis-20">
          {/* A document load, so that the page is requested again. */}
          <a href="/" className="rounded-md font-semibold tracking-tight">
            {site.logo ? <Logo {...site.logo} /> : <span translate="no">{site.name}</span>}
          </a>
          <nav aria-label="Pages" className="flex gap-x-5 max-md:hidden empty:hidden">
            <PageLinks {...props} />
          </nav>
        </div>
        {signedIn && <ConnectionState connected={connected} />}
        {wallet}
        {signedIn && <SignedInAs name={name} />}
        {signedIn && <SignOutForm />}
        <ThemeMenu initial={theme} />
      </div>
      {/* On phones in a row of its own, which follows the controls for the keyboard too. */}
      <nav
        aria-label="Pages"
        className="flex flex-wrap gap-x-5 border-t border-line px-[min(1rem,5vw)] py-1 sm:px-6 md:hidden empty:hidden"
      >
        <PageLinks {...props} />
      </nav>
    </header>
  );
}

/** Without scripts, the parts of the page that stream in stay hidden, and nothing can be asked of a wallet. */
export function NoScriptNotice() {
  return (
    <noscript>
      <div className="mx-auto max-w-6xl px-[min(1rem,5vw)] py-6 sm:px-6">
        <Callout tone="warn" title="JavaScript is switched off">
          <p>
            You can sign in, connect Sonar, disconnect it and sign out. To see the sale&apos;s figures and your
            entities, to connect a wallet and to commit, switch JavaScript on and reload this page.
          </p>
        </Callout>
      </div>
    </noscript>
  );
}

/** Shown if this site is open at an address that nobody can connect from: a preview deployment, or 127.0.0.1 for localhost. */
export function OtherAddressNotice({ appUrl }: { appUrl: string }) {
  return (
    <div className="mx-auto max-w-6xl px-[min(1rem,5vw)] py-6 sm:px-6">
      <Callout tone="warn" title="Signing in and connecting do not work at this address">
        <p>
          <span>{"Sonar can send you back only to this site's main address. Continue there: "}</span>
          <a href={appUrl} translate="no" className="underline underline-offset-2">
            {appUrl}
          </a>
        </p>
      </Callout>
    </div>
  );
}
