import { act } from "@testing-library/react";
import { Suspense, use } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { expect, it, vi } from "vitest";
import { useWallet, WalletProvider } from "@/hooks/use-wallet";
import { SANDBOX_DEFAULT_CHAIN_ID, SANDBOX_SALE } from "@/lib/config/sandbox";
import type { SaleChain } from "@/lib/sale/state";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { deferred } from "@/tests/support/deferred";

const CHAIN: SaleChain = {
  chainId: SANDBOX_DEFAULT_CHAIN_ID,
  chainName: "Sandbox chain",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  contract: SANDBOX_SALE,
  rpcUrls: ["http://127.0.0.1:1"],
  sandboxWallet: false,
};

function Part({ arrived }: { arrived: Promise<void> }) {
  use(arrived);
  return <p>{useWallet().state.status}</p>;
}

function Now() {
  return <output>{useWallet().state.status}</output>;
}

function Page({ arrived }: { arrived: Promise<void> }) {
  return (
    <WalletProvider chain={CHAIN} initialAddress={FUNDED_WALLETS[0]}>
      <Now />
      <Suspense>
        <Part arrived={arrived} />
      </Suspense>
    </WalletProvider>
  );
}

/** A promise that React treats as already fulfilled. */
const ARRIVED = Object.assign(Promise.resolve(), { status: "fulfilled" as const, value: undefined });

it("a part that hydrates after the wallet is known starts with the server's markup, and then follows the wallet", async () => {
  const container = document.body.appendChild(document.createElement("div"));
  container.innerHTML = renderToString(<Page arrived={ARRIVED} />);
  expect(container.querySelector("p")).toHaveTextContent("reconnecting");

  const late = deferred<void>();
  const onRecoverableError = vi.fn();
  const root = await act(() => hydrateRoot(container, <Page arrived={late.promise} />, { onRecoverableError }));
  // The wallet that was connected last is no longer in this browser.
  const patient = { timeout: 20_000 };
  await vi.waitFor(() => expect(container.querySelector("output")).toHaveTextContent("none"), patient);
  await act(async () => late.resolve());
  await vi.waitFor(() => expect(container.querySelector("p")).toHaveTextContent("none"));
  expect(onRecoverableError).not.toHaveBeenCalled();
  act(() => root.unmount());
}, 30_000);
