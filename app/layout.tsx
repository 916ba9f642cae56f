import localFont from "next/font/local";
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { readVisitor, Unavailable, UNAVAILABLE } from "@/app/_home/visitor";
import { HeaderWallet, WalletDialog } from "@/app/_home/wallet";
import "@/app/globals.css";
import { Analytics } from "@/components/layout/analytics";
import { AppFooter } from "@/components/layout/footer";
import { AppHeader, NoScriptNotice, OtherAddressNotice } from "@/components/layout/header";
import { INCOMPLETE_SCRIPT, IncompleteNotice } from "@/components/layout/incomplete-notice";
import { SkipLink } from "@/components/layout/skip-link";
import { CONTENT_ID } from "@/components/ui/link";
import { Strip } from "@/app/_home/strip";
import { SupportProvider } from "@/components/ui/support-link";
import { AnnouncerProvider } from "@/hooks/use-announcer";
import { PageProvider } from "@/hooks/page-provider";
import { environmentCheck, type Env } from "@/lib/config/env";
import { site } from "@/lib/config/site";
import { EARLY_PRESSES_SCRIPT } from "@/lib/early-presses";
import { publicSettings } from "@/lib/config/public-settings";
import { offersConnections } from "@/lib/connections";
import { parseTheme, THEME_COOKIE, WALLET_COOKIE, parseWalletCookie, type Theme } from "@/lib/http/cookies";
import { readSandboxTools } from "@/lib/sandbox-tools";
import { readBrowserCookie } from "@/lib/session";

/** The text font. Both fonts are files of the npm package `geist`: neither the build nor a browser asks an outside host. */
const sans = localFont({
  src: "../node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2",
  variable: "--font-geist-sans",
  weight: "100 900",
});

/**
 * The font for addresses and codes. It is not preloaded: many pages show none on the first screen, and the fallback is also monospaced and
 * almost as wide.
 */
const mono = localFont({
  src: "../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2",
  variable: "--font-geist-mono",
  weight: "100 900",
  preload: false,
  adjustFontFallback: false,
  fallback: ["ui-monospace", "monospace"],
});

/** The site's colours, as the CSS variables that globals.css expects. */
const BRAND_COLOURS = `:root {
  --accent: light-dark(${site.accent.light}, ${site.accent.dark});
  --text-on-accent: light-dark(${site.onAccent.light}, ${site.onAccent.dark});
}`;

/** Made for each request, because APP_URL and the sandbox are known only at run time. Search engines must not index the sandbox. */
export async function generateMetadata(): Promise<Metadata> {
  const check = environmentCheck();
  const isAvailable = !check.ok || (await readVisitor()).ok;
  const common: Metadata = {
    title: { default: isAvailable ? site.name : `${UNAVAILABLE} · ${site.name}`, template: `%s · ${site.name}` },
    description: site.description,
  };
  if (!check.ok) return common;
  return {
    ...common,
    metadataBase: new URL(check.env.appUrl),
    alternates: { canonical: "./" },
    openGraph: { type: "website", siteName: site.name, locale: site.locale.replace("-", "_"), url: "./" },
    twitter: { card: "summary_large_image" },
    robots: check.env.sandbox && "noindex",
  };
}

export const viewport: Viewport = { colorScheme: "light dark" };

/** Without it, a build would try to make every page, and ask Sonar, the chain and the database for what the page shows. */
export const dynamic = "force-dynamic";

/** True if the browser is at a different address from the one that the redirect URI and the session cookie are for. */
async function isOtherAddress(appUrl: string): Promise<boolean> {
  const requestHeaders = await headers();
  const host = requestHeaders.get("x-forwarded-host") ?? requestHeaders.get("host");
  return host !== null && host !== new URL(appUrl).host;
}

async function Shell({ env, theme, children: page }: { env: Env; theme: Theme; children: ReactNode }) {
  const settings = publicSettings(env);
  const lastWallet = parseWalletCookie(await readBrowserCookie(WALLET_COOKIE));
  const [status, elsewhere, sandbox] = await Promise.all([
    readVisitor(),
    isOtherAddress(env.appUrl),
    readSandboxTools(env),
  ]);
  const chain = settings.chain && sandbox ? { ...settings.chain, sandboxAccounts: sandbox.accounts } : settings.chain;
  // An error thrown from the root layout would send an empty document, which only scripts could fill.
  if (!status.ok) {
    return (
      <>
        <Strip env={env} tools={undefined} now={Date.now()} />
        <Unavailable failure={status.error} />
      </>
    );
  }
  const session = status.data;
  return (
    <PageProvider session={session} chain={chain} lastWallet={lastWallet}>
      <SkipLink />
      <Strip env={env} tools={sandbox} now={Date.now()} />
      <AppHeader
        signedIn={session.signedIn}
        name={session.name}
        connected={session.sonarConnected}
        connections={offersConnections(env, session.connected)}
        activity={session.signedIn && chain !== undefined}
        theme={theme}
        wallet={chain && <HeaderWallet chain={chain} />}
      />
      <NoScriptNotice />
      <IncompleteNotice />
      {elsewhere && <OtherAddressNotice appUrl={env.appUrl} />}
      <div id={CONTENT_ID} tabIndex={-1} className="outline-none">
        {page}
      </div>
      {chain && <WalletDialog chain={chain} />}
    </PageProvider>
  );
}

/** They work before any other script of the page, and without it. */
const FIRST_SCRIPTS = `${EARLY_PRESSES_SCRIPT};${INCOMPLETE_SCRIPT}`;

/**
 * The document around every page. All are dynamic, not-found included: a page made at build time could not carry the nonce of the request.
 */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme(await readBrowserCookie(THEME_COOKIE));
  const nonce = (await headers()).get("x-nonce") ?? "";
  const check = environmentCheck();
  return (
    <html lang={site.locale} data-theme={theme} className={`${sans.variable} ${mono.variable}`}>
      <head>
        <style>{BRAND_COLOURS}</style>
        {/* Browsers hide the nonce from scripts, so that what React finds here is not what the server wrote. */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: FIRST_SCRIPTS }} />
      </head>
      <body>
        {check.ok ? (
          <SupportProvider url={check.env.supportUrl}>
            <AnnouncerProvider>
              <div className="flex min-h-dvh flex-col">
                <div className="flex-1">
                  <Shell env={check.env} theme={theme}>
                    {children}
                  </Shell>
                </div>
                <AppFooter />
              </div>
            </AnnouncerProvider>
            {!check.env.sandbox && <Analytics nonce={nonce} />}
          </SupportProvider>
        ) : (
          children
        )}
      </body>
    </html>
  );
}
