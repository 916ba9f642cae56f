// @vitest-environment jsdom
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { getConnection, getConnections } from "wagmi/actions";
import { baseSepolia } from "viem/chains";
import { createWallet } from "@/lib/wallet/wallet";
import { openWallets } from "@/lib/wallet/connect/open-wallets";
import { walletConfig } from "@/lib/wallet/connect/wallet-config";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { askNode, installWallet } from "@/tests/support/browser/injected-wallet";
import { sandboxSaleChain } from "@/tests/support/sandbox/sandbox-buyer";

const [paying, pushing] = FUNDED_WALLETS.map((address) => [address]);

let chain: RunningChain;
beforeAll(async () => {
  chain = await startChain({ port: 0, chainId: baseSepolia.id });
});
afterAll(() => chain.close());
afterEach(() => localStorage.clear());

it("a wallet in which the user only changes the account does not become the one that pays", async () => {
  window.askNode = (request) => askNode(chain.rpcUrl, request);
  const common = { chainId: baseSepolia.id, announced: true };
  installWallet({ ...common, name: "Paying", rdns: "test.paying", accounts: paying ?? [] });
  installWallet({ ...common, name: "Pushing", rdns: "test.pushing", accounts: pushing ?? [] });
  const wallet = createWallet({
    chain: sandboxSaleChain(chain),
    load: (saleChain, store) => Promise.resolve(openWallets(saleChain, store)),
  });
  await wallet.connect("test.paying");
  expect(wallet.store.get().state, "on the only chain that the wallets know").toMatchObject({
    status: "connected",
    chainId: baseSepolia.id,
  });
  window.injectedWallets?.["test.pushing"]?.change({ permitted: true });

  await expect.poll(() => getConnections(walletConfig())).toHaveLength(2);
  await expect.poll(() => getConnection(walletConfig()).address).toBe(paying?.[0]);
  expect(wallet.store.get().state).toMatchObject({ status: "connected", address: paying?.[0] });
});
