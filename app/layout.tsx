import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import "@/app/globals.css";
import { mono, sans } from "@/app/fonts";
import { HeaderWallet, WalletDialog } from "@/app/page-wallet";
import { Providers } from "@/app/providers";
import { AppHeader } from "@/components/app-header";
import { brand } from "@/components/brand";
import { BrandStyle } from "@/components/brand-style";
import { ErrorView } from "@/components/error-view";
import { OtherAddressNotice } from "@/components/other-address-notice";
import { RetryButton } from "@/components/retry-button";
import { SandboxStrip } from "@/components/sandbox-strip";
import { SupportProvider } from "@/components/support-link";
import { parseTheme, THEME_COOKIE, type Theme } from "@/components/theme";
import { parseWalletCookie } from "@/hooks/wallet/wallet-cookie";
import { readSessionStatus } from "@/lib/account";
import { WALLET_COOKIE } from "@/lib/browser-cookies";
import { offersConnections } from "@/lib/connections";
import { environmentCheck, type Env } from "@/lib/env";
import { guarded } from "@/lib/guarded";
import { publicSettings } from "@/lib/public-settings";
import { success, type Failure } from "@/lib/result";

/** Made for each request: APP_URL and the sandbox are known at run time only. The sandbox is nothing for a search engine to find. */
export function generateMetadata(): Metadata {
  const check = environmentCheck();
  const common: Metadata = {
    title: { default: brand.saleName, template: `%s · ${brand.saleName}` },
    description: brand.description,
  };
  if (!check.ok) return common;
  return {
    ...common,
    metadataBase: new URL(check.env.appUrl),
    alternates: { canonical: "./" },
    openGraph: { type: "website", siteName: brand.saleName, url: "./" },
    robots: check.env.sandbox && "noindex",
  };
}

export const viewport: Viewport = { colorScheme: "light dark" };

/** Whether the browser is at another address than the one that the redirect URI and the session cookie are for. */
async function isOtherAddress(appUrl: string): Promise<boolean> {
  const requestHeaders = await headers();
  const host = requestHeaders.get("x-forwarded-host") ?? requestHeaders.get("host");
  return host !== null && host !== new URL(appUrl).host;
}

/**
 * In the place of every page while the database cannot be reached. An error thrown from the root layout would send an empty document,
 * which only scripts could fill.
 */
function Unavailable({ failure }: { failure: Failure }) {
  return (
    <ErrorView
      title="This site is not available at the moment"
      message={failure.message}
      suggestion={failure.suggestion}
      action={<RetryButton returnTo="/" variant="primary" />}
      reference={failure.code}
    />
  );
}

async function Shell({ env, theme, children }: { env: Env; theme: Theme; children: ReactNode }) {
  const { chain } = publicSettings(env);
  const lastWallet = parseWalletCookie((await cookies()).get(WALLET_COOKIE)?.value);
  const [status, elsewhere] = await Promise.all([
    guarded("session", async () => success(await readSessionStatus())),
    isOtherAddress(env.appUrl),
  ]);
  const strip = env.sandbox && <SandboxStrip controlsUrl={env.sandbox.origin} />;
  if (!status.ok) {
    return (
      <>
        {strip}
        <Unavailable failure={status.error} />
      </>
    );
  }
  const session = status.data;
  return (
    <Providers session={session} chain={chain} lastWallet={lastWallet}>
      {strip}
      <AppHeader
        signedIn={session.signedIn}
        connected={session.connected.includes("sonar")}
        sandbox={env.sandbox !== undefined}
        connections={offersConnections(env, session.connected)}
        theme={theme}
        wallet={chain && <HeaderWallet chain={chain} />}
      />
      {elsewhere && <OtherAddressNotice appUrl={env.appUrl} />}
      {children}
      {chain && <WalletDialog />}
    </Providers>
  );
}

/**
 * The document around every page. Reading cookies makes all of them dynamic, not-found included: a page that was made at build time could
 * not carry the nonce of the request.
 */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  const check = environmentCheck();
  return (
    <html lang="en" data-theme={theme} className={`${sans.variable} ${mono.variable}`}>
      <head>
        <BrandStyle />
      </head>
      <body>
        {check.ok ? (
          <SupportProvider url={check.env.supportUrl}>
            <Shell env={check.env} theme={theme}>
              {children}
            </Shell>
          </SupportProvider>
        ) : (
          children
        )}
      </body>
    </html>
  );
}
