import type { ReactNode } from "react";
import { SignOutForm } from "@/components/auth/sign-out-form";
import { brand } from "@/components/brand";
import type { Theme } from "@/components/theme";
import { ThemeMenu } from "@/components/theme-menu";
import { Badge } from "@/components/ui/badge";
import { buttonClass } from "@/components/ui/button-class";

interface AppHeaderProps {
  signedIn: boolean;
  connected: boolean;
  sandbox: boolean;
  /** Whether there is anything to connect beside Sonar. */
  connections: boolean;
  theme: Theme;
  wallet?: ReactNode;
}

function ConnectionState({ connected }: { connected: boolean }) {
  return (
    <span className="inline-flex items-center gap-2 text-sm text-text-quiet">
      <span aria-hidden className={`size-2 rounded-full ${connected ? "bg-ok" : "border border-control"}`} />
      <span className="max-sm:sr-only">{connected ? "Sonar connected" : "Sonar not connected"}</span>
    </span>
  );
}

/** Who am I here. "Sign out" is a visible button and not a menu item: it has to work without JavaScript. */
export function AppHeader({ signedIn, connected, sandbox, connections, theme, wallet }: AppHeaderProps) {
  return (
    <header className="border-b border-line bg-surface-raised">
      <div className="mx-auto flex min-h-14 max-w-6xl items-center gap-x-2.5 px-4 py-2 sm:gap-x-4 sm:px-6">
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2.5 gap-y-1">
          {/* A document load, so that the page is asked for anew. */}
          <a href="/" className="rounded-md font-semibold tracking-tight">
            {brand.saleName}
          </a>
          {sandbox && <Badge tone="warn">Sandbox</Badge>}
          {connections && (
            <nav aria-label="Pages">
              <a href="/connections" className={buttonClass("quiet")}>
                Connections
              </a>
            </nav>
          )}
        </div>
        {signedIn && <ConnectionState connected={connected} />}
        {wallet}
        {signedIn && <SignOutForm />}
        <ThemeMenu initial={theme} />
      </div>
    </header>
  );
}
