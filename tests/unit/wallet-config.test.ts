import { describe, expect, it } from "vitest";
import { walletOptions } from "@/lib/wallet/connect/wallet-config";
import { SANDBOX_WALLET, WALLET_CONNECT } from "@/lib/wallet/wallet";

const UNANNOUNCED = { id: "injected", name: "Injected" };
const FOX = { id: "test.fox", name: "Fox", icon: "data:image/png;base64,AA==" };
const names = (...parameters: Parameters<typeof walletOptions>) => walletOptions(...parameters).map(({ name }) => name);

describe("the wallets to choose from", () => {
  it("are none where there is none", () => {
    expect(names([UNANNOUNCED], false)).toEqual([]);
  });

  it("have what is at window.ethereum among them only where no wallet announced itself", () => {
    expect(names([UNANNOUNCED], true)).toEqual(["Browser wallet"]);
    expect(names([UNANNOUNCED, SANDBOX_WALLET], true)).toEqual(["Browser wallet", "Sandbox wallet"]);
    expect(names([UNANNOUNCED, FOX], true)).toEqual(["Fox"]);
  });

  it("keep what is at window.ethereum beside a connector that a fork has added, which says nothing of this browser's wallets", () => {
    const added = { id: "acme", name: "Acme" };
    expect(names([UNANNOUNCED, added], true)).toEqual(["Browser wallet", "Acme"]);
    expect(names([UNANNOUNCED, added, FOX], true)).toEqual(["Acme", "Fox"]);
  });

  it("have a wallet of another device after those of this browser", () => {
    expect(names([WALLET_CONNECT, UNANNOUNCED], true)).toEqual(["Browser wallet", "WalletConnect"]);
    expect(names([WALLET_CONNECT, SANDBOX_WALLET, FOX], false)).toEqual(["Fox", "WalletConnect", "Sandbox wallet"]);
  });

  it("end with the sandbox's", () => {
    expect(names([UNANNOUNCED, SANDBOX_WALLET, FOX], true)).toEqual(["Fox", "Sandbox wallet"]);
  });

  it("take any id that an extension announces for a wallet of this browser", () => {
    const ids = ["__proto__", "constructor", "toString"];
    const options = walletOptions(
      ids.map((id) => ({ id, name: id })),
      false,
    );
    expect(options.map(({ kind }) => kind)).toEqual(["browser", "browser", "browser"]);
  });

  it("name each wallet once", () => {
    expect(names([FOX, FOX], false)).toEqual(["Fox"]);
  });

  it("show no icon that would have to be fetched", () => {
    const icons = ["https://fox.example/icon.png", "javascript:alert(1)", "data:text/html,x", FOX.icon];
    const shown = icons.map((icon, index) => walletOptions([{ id: `${index}`, name: "Fox", icon }], false)[0]?.icon);
    expect(shown).toEqual([undefined, undefined, undefined, FOX.icon]);
  });
});
