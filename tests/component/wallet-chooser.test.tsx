import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { encode } from "uqr";
import { expect, it, vi } from "vitest";
import { WalletChooser } from "@/components/wallet/wallet-chooser";
import { walletLinks } from "@/lib/wallet/connect/deep-links";
import { shortenAddress } from "@/lib/sale/hex";
import { WALLET_CONNECT } from "@/lib/wallet/wallet";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";

const [ANN = "0x", BOB = "0x"] = FUNDED_WALLETS;
const walletConnect = { ...WALLET_CONNECT, kind: "walletconnect" } as const;
const none = { status: "none" } as const;
const actions = { chain: {}, onConnect: vi.fn(), onSwitchAccount: vi.fn(), onRetry: vi.fn(), onClose: vi.fn() };

it("a phone whose browser has no wallet is offered the wallets' apps", () => {
  const links = walletLinks("https://sale.example.com/");
  render(<WalletChooser choosing state={none} options={[]} links={links} {...actions} />);
  const apps = within(screen.getByRole("region", { name: "Open this page in your wallet app" }));
  expect(apps.getAllByRole("link").map((link) => [link.textContent, link.getAttribute("href")])).toEqual(
    links.map(({ name, href }) => [name.slice(0, 1) + name, href]),
  );
  expect(screen.queryByText("No wallet found in this browser")).toBeNull();
});

it.each([
  { options: [], advice: "Install a wallet extension and reload this page. Nothing has been connected." },
  {
    options: [walletConnect],
    advice: "Install a wallet extension and reload this page, or connect a wallet of another device.",
  },
])("a computer without a wallet is told what to do: $options.length other ways", ({ options, advice }) => {
  render(<WalletChooser choosing state={none} options={options} links={[]} {...actions} />);
  expect(screen.getByText("No wallet found in this browser")).toBeInTheDocument();
  expect(screen.getByText(advice)).toBeInTheDocument();
  expect(screen.queryByRole("link")).toBeNull();
});

/** The dark modules of a drawn code, as `encode` has them: each part of the path is a row of squares. */
function modulesOf(path: string, size: number): boolean[][] {
  const rows = Array.from({ length: size }, () => Array<boolean>(size).fill(false));
  for (const [, x = "", y = "", width = ""] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g))
    rows[Number(y)]?.fill(true, Number(x), Number(x) + Number(width));
  return rows;
}

it("WalletConnect's link is shown as a code, to copy and to open, and leaves room for other wallets", async () => {
  const uri = `wc:${"ab".repeat(32)}@2?expiryTimestamp=1&relay-protocol=irn&symKey=${"cd".repeat(32)}`;
  const connecting = { status: "connecting", walletName: WALLET_CONNECT.name } as const;
  const { container } = render(
    <WalletChooser choosing state={connecting} options={[walletConnect]} pairingUri={uri} {...actions} />,
  );
  const code = await screen.findByRole("img", { name: "QR code for the wallet on your phone" });
  const { data, size } = encode(uri, { ecc: "L", border: 2 });
  expect(modulesOf(code.querySelector("path")?.getAttribute("d") ?? "", size)).toEqual(data);
  expect(code.querySelector("rect"), "cameras read dark on white only").toHaveAttribute("fill", "#fff");
  expect(screen.getByText("Open in wallet app")).toHaveAttribute("href", uri);
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Copy the link" }));
  expect(await navigator.clipboard.readText()).toBe(uri);
  expect(screen.getByRole("button", { name: "Copied" })).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Other wallets" }));
  await user.click(screen.getByRole("button", { name: "WalletConnect" }));
  expect(actions.onConnect).toHaveBeenCalledWith(WALLET_CONNECT.id);
  expect(await screen.findByRole("img"), "the same code is shown again").toBeInTheDocument();
  expect(container).toBeEmptyDOMElement();
});

it("a code that nobody awaits any more gives way to the list of wallets", () => {
  render(<WalletChooser choosing state={none} options={[walletConnect]} pairingUri="wc:1@2" {...actions} />);
  expect(screen.queryByRole("img")).toBeNull();
  expect(screen.getByRole("button", { name: "WalletConnect" })).toBeInTheDocument();
});

it("another wallet is often another account of the same one, which the sandbox names", async () => {
  const state = { status: "connected", address: ANN, chainId: 1, walletName: "Fox", accounts: [ANN, BOB] } as const;
  const chain = { sandboxAccounts: [{ address: BOB, label: "2, free" }] };
  render(<WalletChooser choosing state={state} options={[walletConnect]} {...actions} chain={chain} />);
  const accounts = within(screen.getByRole("region", { name: "Other accounts of Fox" }));
  await userEvent.click(accounts.getByRole("button", { name: `${shortenAddress(BOB)} (2, free)` }));
  expect(accounts.getAllByRole("button"), "the account in use is no other").toHaveLength(1);
  expect(actions.onSwitchAccount).toHaveBeenCalledWith(BOB);
});

it("a page whose code is gone after a roll-out offers to reload, and an offline one to try again", () => {
  const error = { sentence: "Wallet support could not be loaded.", action: "reload-page" } as const;
  const { rerender } = render(<WalletChooser choosing state={none} links={[]} error={error} {...actions} />);
  expect(screen.getByRole("button", { name: "Reload this page" })).toBeVisible();
  rerender(<WalletChooser choosing state={none} links={[]} error={{ ...error, action: "retry" }} {...actions} />);
  expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
});
