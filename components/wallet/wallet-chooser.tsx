import { lazy, Suspense, useState, type ComponentType } from "react";
import type { Address } from "viem";
import { FlaskConical, Smartphone, Wallet } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ReloadPageButton } from "@/components/ui/failure-notice";
import { Callout, Skeleton } from "@/components/ui/feedback";
import { namedAccounts } from "@/components/wallet/wallet-menu";
import type { WalletPairingProps } from "@/components/wallet/wallet-pairing";
import { codeNotLoaded } from "@/lib/purchase/errors/error-advice";
import type { SaleChain } from "@/lib/sale/state";
import { WALLET_CONNECT, type WalletLink, type WalletOption, type WalletSnapshot } from "@/lib/wallet/wallet";

interface WalletChooserProps extends Omit<WalletSnapshot, "opening"> {
  chain: Pick<SaleChain, "sandboxAccounts">;
  onConnect: (optionId: string) => void;
  /** Uses another account of the connected wallet, and closes the dialog. */
  onSwitchAccount: (address: Address) => void;
  /** Looks for wallets again after a failure. */
  onRetry: () => void;
  onClose: () => void;
}

const ICONS = { browser: Wallet, walletconnect: Smartphone, sandbox: FlaskConical } as const;

function WalletIcon({ icon, kind }: WalletOption) {
  const shape = "size-8 shrink-0 rounded-md";
  // eslint-disable-next-line @next/next/no-img-element -- a data: URI has nothing to be optimised
  if (icon) return <img src={icon} alt="" className={shape} />;
  const Icon = ICONS[kind];
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
  /** The dialog starts with it. */
  first: boolean;
  onConnect: (optionId: string) => void;
}

const NOTES: Partial<Record<WalletOption["kind"], string>> = {
  walletconnect: "A wallet on your phone or another device, by a code to scan or a link.",
  sandbox: "Test accounts with test money. Needs no extension and asks for nothing.",
};

function note({ kind, name }: WalletOption, waiting: boolean): string | undefined {
  if (!waiting) return NOTES[kind];
  return kind === "walletconnect" ? "Preparing the code." : `Open ${name} and approve the connection.`;
}

function WalletChoice({ option, waiting, first, onConnect }: WalletChoiceProps) {
  const text = note(option, waiting);
  return (
    <li>
      <button
        type="button"
        aria-label={option.name}
        aria-busy={waiting || undefined}
        data-autofocus={first || undefined}
        onClick={() => onConnect(option.id)}
        className="flex min-h-14 w-full cursor-pointer flex-wrap items-center gap-3 rounded-md border border-control bg-surface-raised px-3 py-2 text-left hover:bg-surface-sunken"
      >
        <WalletIcon {...option} />
        <span className="min-w-min flex-1">
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

const INSTALL = "Install a wallet extension and reload this page";

/** `others`: there are other ways to connect a wallet than one of this browser. */
function NoWallet({ others }: { others: boolean }) {
  const advice = others
    ? `${INSTALL}, or connect a wallet of another device.`
    : `${INSTALL}. Nothing has been connected.`;
  return <Callout title="No wallet found in this browser">{advice}</Callout>;
}

/** Links that open this page inside wallets' apps. The browser leaves this page, so they open no new tab. */
function WalletLinks({ links }: { links: readonly WalletLink[] }) {
  return (
    <section aria-labelledby="wallet-apps" className="grid gap-2">
      <h3 id="wallet-apps" className="font-medium">
        Open this page in your wallet app
      </h3>
      <p className="text-sm text-text-quiet">
        You sign in there again. Your account and your commitments are the same.
      </p>
      <ul className="grid gap-2">
        {links.map(({ name, href }) => (
          <li key={name}>
            <a
              href={href}
              rel="noreferrer"
              className="flex min-h-12 items-center gap-3 rounded-md border border-control bg-surface-raised px-3 py-2 font-medium hover:bg-surface-sunken"
            >
              <span
                aria-hidden
                className="grid size-8 shrink-0 place-items-center rounded-md bg-surface-sunken text-text-quiet"
              >
                {name.slice(0, 1)}
              </span>
              <span className="min-w-0">{name}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The other accounts that the connected wallet shares: "another wallet" is often another account. */
function OtherAccounts({
  state,
  chain,
  onSwitchAccount,
}: Pick<WalletChooserProps, "state" | "chain" | "onSwitchAccount">) {
  if (state.status !== "connected" || state.accounts.length < 2) return null;
  const others = namedAccounts(state.accounts, chain.sandboxAccounts).filter(
    ({ address }) => address !== state.address,
  );
  return (
    <section aria-labelledby="other-accounts" className="grid gap-2">
      <h3 id="other-accounts" className="font-medium">
        {`Other accounts of ${state.walletName}`}
      </h3>
      <ul className="grid gap-2">
        {others.map(({ address, label }, index) => (
          <li key={address}>
            <button
              type="button"
              data-autofocus={index === 0 || undefined}
              onClick={() => onSwitchAccount(address)}
              className="flex min-h-11 w-full cursor-pointer items-center rounded-md border border-control bg-surface-raised px-3 py-2 text-left hover:bg-surface-sunken"
            >
              <span translate="no" className="min-w-0 [overflow-wrap:anywhere]">
                {label}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
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

type ChoicesProps = Pick<WalletChooserProps, "options" | "links" | "state" | "onConnect">;

function Choices({ options, links = [], state, onConnect }: ChoicesProps) {
  if (!options) return <LookingForWallets />;
  const hasOwn = options.some(({ kind }) => kind !== "walletconnect");
  return (
    <>
      {!hasOwn && links.length === 0 && <NoWallet others={options.length > 0} />}
      {links.length > 0 && <WalletLinks links={links} />}
      {options.length > 0 && (
        <ul className="grid gap-2">
          {options.map((option, index) => (
            <WalletChoice
              key={option.id}
              option={option}
              waiting={state.status === "connecting" && state.walletName === option.name}
              first={index === 0}
              onConnect={onConnect}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function CodeNotLoaded() {
  return <Callout tone="bad">{codeNotLoaded("The code", "Your address was not shared.").sentence}</Callout>;
}

/** The code for QR codes is loaded with the first one. A failure must not replace the whole page by its error page. */
const WalletPairing = lazy<ComponentType<WalletPairingProps>>(() =>
  import("@/components/wallet/wallet-pairing").catch(() => ({ default: CodeNotLoaded })),
);

const CONNECTING = "Your wallet will ask which accounts to share with this site. Connecting does not move any funds.";
const PAIRING =
  "Scan the code with your wallet, or copy the link into it, and approve the connection there. The code is valid for five minutes.";

/** The dialog for choosing a wallet. Closing it does not withdraw a request that a wallet is already showing. */
export function WalletChooser(props: WalletChooserProps) {
  const { choosing, options, state, pairingUri, error, onRetry, onClose } = props;
  // The code that the user has left for the list of wallets. It stays valid.
  const [leftUri, setLeftUri] = useState<string>();
  const notLoaded = error !== undefined && options === undefined;
  // The code outlasts the choice of another wallet, which is then what the dialog is about.
  const isAwaited = state.status === "connecting" && state.walletName === WALLET_CONNECT.name;
  const pairing = isAwaited && pairingUri !== undefined && pairingUri !== leftUri;
  function choose(optionId: string) {
    setLeftUri(undefined);
    props.onConnect(optionId);
  }
  const again = error?.action === "reload-page" ? <ReloadPageButton /> : <Button onClick={onRetry}>Try again</Button>;
  return (
    <Dialog open={choosing} onClose={onClose} title="Connect a wallet" description={pairing ? PAIRING : CONNECTING}>
      {error && (
        <Callout tone="bad" action={notLoaded && again}>
          {error.sentence}
        </Callout>
      )}
      {pairing && (
        <Suspense fallback={<Skeleton className="h-80" />}>
          <WalletPairing uri={pairingUri} onLeave={() => setLeftUri(pairingUri)} />
        </Suspense>
      )}
      {!pairing && <OtherAccounts {...props} />}
      {!pairing && !notLoaded && <Choices {...props} onConnect={choose} />}
    </Dialog>
  );
}
