import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { WalletStep } from "@/components/wallet/wallet-step";
import { didNotSwitch } from "@/lib/wallet/connect/switch-network";
import { ANN, someChain } from "@/tests/support/purchase/some-purchase";

const chain = { ...someChain, rpcUrls: ["https://rpc.example"], explorerUrl: "https://explorer.example" };
const actions = {
  opening: false,
  onConnect: () => undefined,
  onChoose: () => undefined,
  onDisconnect: () => undefined,
  onSwitchAccount: () => undefined,
  onSwitchChain: () => Promise.resolve(),
};

it("a wallet that did not switch is told with everything to enter by hand, each with a button to copy it", () => {
  const state = { status: "connected", address: ANN, chainId: 1, walletName: "Fox", accounts: [ANN] } as const;
  render(<WalletStep state={state} chain={chain} needed error={didNotSwitch(chain)} {...actions} />);
  expect(screen.getByRole("alert")).toHaveTextContent("Your wallet did not switch to Sandbox.");
  const details = within(screen.getByLabelText("Network details"));
  for (const value of ["Sandbox", "https://rpc.example", "31337", "ETH", "https://explorer.example"])
    expect(details.getByText(value)).toBeInTheDocument();
  expect(details.getAllByRole("button").map((button) => button.getAttribute("aria-label"))).toEqual([
    "Copy Network name",
    "Copy RPC URL",
    "Copy Chain ID",
    "Copy Currency symbol",
    "Copy Block explorer",
  ]);
});

it("while a wallet is being connected the button says so, and another wallet can be used", async () => {
  const chosen = vi.fn();
  const state = { status: "connecting", walletName: "Fox" } as const;
  render(<WalletStep state={state} chain={chain} needed {...actions} onChoose={chosen} />);
  expect(screen.getByRole("button", { name: "Connect wallet" })).toHaveAttribute("aria-busy", "true");
  await userEvent.click(screen.getByRole("button", { name: "Use another wallet" }));
  expect(chosen).toHaveBeenCalledOnce();
});

it("a sole wallet that refused can be asked again, or another one", () => {
  const error = { sentence: "You declined in your wallet.", action: "retry" } as const;
  render(<WalletStep state={{ status: "none" }} chain={chain} needed error={error} {...actions} />);
  expect(screen.getByRole("alert")).toHaveTextContent(error.sentence);
  expect(screen.getByRole("button", { name: "Connect wallet" })).toBeEnabled();
  expect(screen.getByRole("button", { name: "Use another wallet" })).toBeEnabled();
});
