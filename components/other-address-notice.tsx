import { Callout } from "@/components/ui/callout";

/** Shown where this site is open under an address that nobody can connect from: a preview deployment, or 127.0.0.1 for localhost. */
export function OtherAddressNotice({ appUrl }: { appUrl: string }) {
  return (
    <div className="mx-auto max-w-6xl px-4 pt-6 sm:px-6">
      <Callout tone="warn" title="Signing in and connecting do not work at this address">
        <p>
          This site has one address that Sonar sends people back to. Continue at{" "}
          <a href={appUrl} className="underline underline-offset-2">
            {appUrl}
          </a>
          .
        </p>
      </Callout>
    </div>
  );
}
