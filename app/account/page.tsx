import type { Metadata } from "next";
import { visitorPage } from "@/app/_home/visitor";
import { SignInForm, SignOutBrowserForm, SignOutEverywhereForm, SignOutForm } from "@/components/auth/forms";
import { FailureNotice } from "@/components/ui/failure-notice";
import { Badge } from "@/components/ui/feedback";
import { Moment } from "@/components/ui/moment";
import { readSignedInBrowsers, type SignedInBrowser } from "@/lib/account";
import { guarded } from "@/lib/http/guarded";

export const metadata: Metadata = { title: "Account" };

const PATH = "/account";

function Browser({ browser: { handle, current, since, seenAt } }: { browser: SignedInBrowser }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line py-4 first:border-t-0">
      <div className="grid justify-items-start gap-1">
        <p>
          <span>{"Signed in "}</span>
          <Moment at={since} own />
        </p>
        {current ? (
          <Badge tone="ok">This browser</Badge>
        ) : (
          <p className="text-sm text-text-quiet">
            <span>{"Last used "}</span>
            <Moment at={seenAt} own />
          </p>
        )}
      </div>
      {current ? <SignOutForm /> : <SignOutBrowserForm handle={handle} />}
    </li>
  );
}

async function Browsers() {
  const browsers = await guarded("browsers", readSignedInBrowsers);
  if (!browsers.ok) return <FailureNotice failure={browsers.error} returnTo={PATH} />;
  const isOnlyOne = browsers.data.length === 1;
  return (
    <section aria-labelledby="browsers" className="grid gap-4">
      <h2 id="browsers" className="text-lg font-semibold tracking-tight">
        Where you are signed in
      </h2>
      <p className="max-w-prose text-text-quiet">
        {isOnlyOne
          ? "In this browser only. Signing out also ends your connections."
          : "Your connections end when you sign out of the last browser. If you do not know one of these, sign out everywhere."}
      </p>
      <ul className="rounded-lg border border-line bg-surface-raised px-[min(1.25rem,6vw)] sm:px-6">
        {browsers.data.map((browser) => (
          <Browser key={browser.handle} browser={browser} />
        ))}
      </ul>
      {!isOnlyOne && <SignOutEverywhereForm />}
    </section>
  );
}

/** The signed-in user, and the browsers that are signed in as this user: each can be signed out, or all at once. */
export default function AccountPage() {
  return visitorPage(({ signedIn, name }) => (
    <main className="mx-auto grid max-w-3xl gap-8 px-[min(1rem,5vw)] py-8 sm:px-6 sm:py-12">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Account</h1>
        {name !== undefined && (
          <p className="mt-2 text-text-quiet">
            <span>{"Signed in as "}</span>
            <bdi translate="no">{name}</bdi>
          </p>
        )}
      </div>
      {signedIn ? (
        <Browsers />
      ) : (
        <div className="grid justify-items-start gap-4">
          <p>Sign in to see where you are signed in.</p>
          <SignInForm returnTo={PATH} />
        </div>
      )}
    </main>
  ));
}
