import type { ReactNode } from "react";
import { visitorPage } from "@/app/_home/visitor";
import { ConnectForm, SignInForm } from "@/components/auth/forms";
import { offersOnePress } from "@/lib/account";

const PATH = "/activity";

/** The two things without which nobody's entities are known. */
function BeforeActivity({ signedIn }: { signedIn: boolean }) {
  return (
    <div className="grid justify-items-start gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Activity</h1>
      <p className="max-w-prose">
        {signedIn
          ? "Connect Sonar to see what your entities did in the sale."
          : "Sign in to see what your entities did in the sale."}
      </p>
      {signedIn ? <ConnectForm returnTo={PATH} /> : <SignInForm returnTo={PATH} connects={offersOnePress()} />}
    </div>
  );
}

/** The pages of a user's activity. */
export default function ActivityLayout({ children: page }: { children: ReactNode }) {
  return visitorPage(({ signedIn, sonarConnected }) => (
    <main className="mx-auto grid max-w-5xl gap-8 px-[min(1rem,5vw)] py-8 sm:px-6 sm:py-12">
      {sonarConnected ? page : <BeforeActivity signedIn={signedIn} />}
    </main>
  ));
}
