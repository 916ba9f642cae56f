import type { ReactNode } from "react";
import type { ConnectTarget } from "@/components/auth/connect-target";
import { KeptFocus } from "@/components/connections/kept-focus";
import { FailureNotice } from "@/components/failure-notice";
import { RefreshNote } from "@/components/refresh-note";
import { Button } from "@/components/ui/button";
import type { Failure } from "@/lib/result";

interface ProviderReadProps<T> {
  provider: ConnectTarget;
  /** What the button that asks is called, e.g. "Show bookings". */
  label: string;
  /** Whether the user has asked for it. */
  asked: boolean;
  data?: T;
  failure?: Failure;
  refreshing: boolean;
  onAsk: () => void;
  /** What stands in for the answer until it is there; also says so to screen readers. */
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

const RETURN_TO = "/connections";

/** The button that asks. Without JavaScript it could do nothing, and says so. */
function Ask({ label, onAsk }: { label: string; onAsk: () => void }) {
  return (
    <>
      <div className="noscript:hidden">
        <Button onClick={onAsk}>{label}</Button>
      </div>
      <p className="hidden text-text-quiet noscript:block">To show more of it, this page needs JavaScript.</p>
    </>
  );
}

function Content<T>(props: ProviderReadProps<T>) {
  const { provider, label, asked, data, failure, refreshing, onAsk, skeleton, children } = props;
  const retry = { returnTo: RETURN_TO, provider, onRetry: onAsk, retrying: refreshing };
  if (!asked) return <Ask label={label} onAsk={onAsk} />;
  if (data === undefined) return failure ? <FailureNotice failure={failure} {...retry} /> : skeleton;
  return (
    <div className="grid gap-4">
      {children(data)}
      {failure &&
        (failure.recovery === "reconnect" ? (
          <FailureNotice failure={failure} {...retry} />
        ) : (
          <RefreshNote failure={failure} {...retry} />
        ))}
    </div>
  );
}

/** What a provider says, once the user has asked for it: the button, the wait, the trouble, or the answer. */
export function ProviderRead<T>(props: ProviderReadProps<T>) {
  const { asked, data, failure } = props;
  return (
    <KeptFocus shows={[asked, data !== undefined, failure !== undefined].join()}>
      <Content {...props} />
    </KeptFocus>
  );
}
