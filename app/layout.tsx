import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import "@/app/globals.css";
import { mono, sans } from "@/app/fonts";
import { Providers } from "@/app/providers";
import { AppHeader } from "@/components/app-header";
import { brand } from "@/components/brand";
import { BrandStyle } from "@/components/brand-style";
import { OtherAddressNotice } from "@/components/other-address-notice";
import { SandboxStrip } from "@/components/sandbox-strip";
import { parseTheme, THEME_COOKIE, type Theme } from "@/components/theme";
import { readSessionStatus } from "@/lib/account";
import { environmentCheck, type Env } from "@/lib/env";

export const metadata: Metadata = {
  title: brand.saleName,
  description: "Take part in a token sale on Sonar.",
};

export const viewport: Viewport = { colorScheme: "light dark" };

/** Whether the browser is at another address than the one that the redirect URI and the session cookie are for. */
async function isOtherAddress(appUrl: string): Promise<boolean> {
  const requestHeaders = await headers();
  const host = requestHeaders.get("x-forwarded-host") ?? requestHeaders.get("host");
  return host !== null && host !== new URL(appUrl).host;
}

async function Shell({ env, theme, children }: { env: Env; theme: Theme; children: ReactNode }) {
  const [session, elsewhere] = await Promise.all([readSessionStatus(), isOtherAddress(env.appUrl)]);
  return (
    <Providers session={session}>
      {env.sandbox && <SandboxStrip controlsUrl={env.sandbox.origin} />}
      <AppHeader
        signedIn={session.signedIn}
        connected={session.connected.includes("sonar")}
        sandbox={env.sandbox !== undefined}
        theme={theme}
      />
      {elsewhere && <OtherAddressNotice appUrl={env.appUrl} />}
      {children}
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
          <Shell env={check.env} theme={theme}>
            {children}
          </Shell>
        ) : (
          children
        )}
      </body>
    </html>
  );
}
