import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { WalletStep } from "@/components/wallet/wallet-step";
import { didNotSwitch } from "@/lib/wallet/connect/switch-network";
import { ANN, someChain } from "@/tests/support/purchase/some-purchase";

const chain = { ...someChain, rpcUrls: ["https://rpc.example"], explorerUrl: "https://explorer.example" };
const actions = {
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
