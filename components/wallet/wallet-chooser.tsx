import { FlaskConical, Wallet } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Callout, Skeleton } from "@/components/ui/feedback";
import type { WalletOption, WalletSnapshot } from "@/lib/wallet/wallet";

interface WalletChooserProps extends Omit<WalletSnapshot, "opening"> {
  onConnect: (optionId: string) => void;
  /** Looks for wallets again after a failure. */
  onRetry: () => void;
  onClose: () => void;
}

function WalletIcon({ icon, kind }: WalletOption) {
  const shape = "size-8 shrink-0 rounded-md";
  // eslint-disable-next-line @next/next/no-img-element -- a data: URI has nothing to be optimised
  if (icon) return <img src={icon} alt="" className={shape} />;
  const Icon = kind === "sandbox" ? FlaskConical : Wallet;
  return (
    <span aria-hidden className={`grid place-items-center bg-surface-sunken text-text-quiet ${shape}`}>
      <Icon className="size-4" />
    </span>
  );
}

interface WalletChoiceProps {
  option: WalletOption;
  /** The wallet has been asked and has not answered yet. */
  waiting: boolean;
  onConnect: (optionId: string) => void;
}

function note({ kind, name }: WalletOption, waiting: boolean): string | undefined {
  if (waiting) return `Open ${name} and approve the connection.`;
  return kind === "sandbox" ? "Test accounts with test money. Needs no extension and asks for nothing." : undefined;
}

function WalletChoice({ option, waiting, onConnect }: WalletChoiceProps) {
  const text = note(option, waiting);
  return (
    <li>
      <button
        type="button"
        aria-label={option.name}
        aria-busy={waiting || undefined}
        onClick={() => onConnect(option.id)}
        className="flex min-h-14 w-full cursor-pointer items-center gap-3 rounded-md border border-control bg-surface-raised px-3 py-2 text-left hover:bg-surface-sunken"
      >
        <WalletIcon {...option} />
        <span className="min-w-0">
          <span className="block font-medium">{option.name}</span>
          {text && (
            <span role={waiting ? "status" : undefined} className="block text-sm text-text-quiet">
              {text}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}

function NoWallet() {
  return (
    <Callout title="No wallet found in this browser">
      Install a wallet extension and reload this page, or open this page in your wallet app&apos;s browser.
    </Callout>
  );
}

function LookingForWallets() {
  return (
    <div role="status">
      <span className="sr-only">Looking for wallets.</span>
      <Skeleton className="h-14" />
    </div>
  );
}

function Choices({ options, state, onConnect }: Pick<WalletChooserProps, "options" | "state" | "onConnect">) {
  if (!options) return <LookingForWallets />;
  if (options.length === 0) return <NoWallet />;
  return (
    <ul className="grid gap-2">
      {options.map((option) => (
        <WalletChoice
          key={option.id}
          option={option}
          waiting={state.status === "connecting" && state.walletName === option.name}
          onConnect={onConnect}
        />
      ))}
    </ul>
  );
}

/** The dialog for choosing a wallet. Closing it does not withdraw a request that a wallet is already showing. */
export function WalletChooser({ choosing, options, state, error, onConnect, onRetry, onClose }: WalletChooserProps) {
  const notLoaded = error !== undefined && options === undefined;
  return (
    <Dialog
      open={choosing}
      onClose={onClose}
      title="Connect a wallet"
      description="Your wallet will ask which accounts to share with this site. Connecting does not move any funds."
    >
      {error && (
        <Callout tone="bad" action={notLoaded && <Button onClick={onRetry}>Try again</Button>}>
          {error.sentence}
        </Callout>
      )}
      {!notLoaded && <Choices options={options} state={state} onConnect={onConnect} />}
    </Dialog>
  );
}
