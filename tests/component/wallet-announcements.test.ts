import { describe, expect, it } from "vitest";
import {
  ADDRESS,
  announce,
  INFO,
  names,
  open,
  provider,
  setEthereum,
  throwing,
} from "@/tests/support/browser/odd-wallet";

describe("an announcement that is broken is ignored alone", () => {
  const good = { info: { ...INFO, uuid: "2", name: "Owl", rdns: "test.owl" }, provider: provider() };

  it.each<[string, unknown]>([
    ["null", null],
    ["undefined", undefined],
    ["text", "wallet"],
    ["a number", 7],
    ["empty", {}],
    ["without info", { provider: provider() }],
    ["with info null", { info: null, provider: provider() }],
    ["with info empty", { info: {}, provider: provider() }],
    ["with an icon that is a number", { info: { ...INFO, icon: 7 }, provider: provider() }],
    ["with an icon null", { info: { ...INFO, icon: null }, provider: provider() }],
    ["with an icon object", { info: { ...INFO, icon: {} }, provider: provider() }],
    ["without a name", { info: { ...INFO, name: undefined }, provider: provider() }],
    ["with an empty name", { info: { ...INFO, name: " " }, provider: provider() }],
    ["with a name that is a number", { info: { ...INFO, name: 7 }, provider: provider() }],
    ["without rdns", { info: { ...INFO, rdns: undefined }, provider: provider() }],
    ["with rdns as a list", { info: { ...INFO, rdns: ["test.fox"] }, provider: provider() }],
    ["without uuid", { info: { ...INFO, uuid: undefined }, provider: provider() }],
    ["with uuid null", { info: { ...INFO, uuid: null }, provider: provider() }],
    ["with a provider null", { info: INFO, provider: null }],
    ["with a provider without request", { info: INFO, provider: { on: () => undefined } }],
    ["with a request that is no function", { info: INFO, provider: { request: "ask" } }],
    [
      "with info that throws",
      {
        get info() {
          return throwing();
        },
        provider: provider(),
      },
    ],
    [
      "with a name that throws",
      {
        info: {
          ...INFO,
          get name() {
            return throwing();
          },
        },
        provider: provider(),
      },
    ],
    [
      "with a provider that throws",
      {
        info: INFO,
        get provider() {
          return throwing();
        },
      },
    ],
    [
      "with a request that throws",
      {
        info: INFO,
        provider: {
          get request() {
            return throwing();
          },
        },
      },
    ],
    ["that is a dead proxy", new Proxy({}, { get: throwing, has: throwing, getPrototypeOf: throwing })],
  ])("%s", async (_form, detail) => {
    announce(detail);
    announce(good);
    const wallet = await open();
    expect(names(wallet)).toEqual(["Owl"]);
    announce(detail);
    await wallet.connect("test.owl");
    expect(wallet.store.get()).toMatchObject({ state: { status: "connected", address: ADDRESS }, choosing: false });
  });

  it("as an event of another class, and one whose detail throws", async () => {
    announce(undefined, () => new Event("eip6963:announceProvider") as CustomEvent);
    announce(
      undefined,
      () => Object.defineProperty(new Event("eip6963:announceProvider"), "detail", { get: throwing }) as CustomEvent,
    );
    announce(good);
    expect(names(await open())).toEqual(["Owl"]);
  });
});

describe("wallets that announce themselves", () => {
  it("may be frozen, and may share a uuid: each is listed", async () => {
    const frozen = Object.freeze({ info: Object.freeze(INFO), provider: Object.freeze(provider()) });
    announce(frozen, () => Object.freeze(new CustomEvent("eip6963:announceProvider", { detail: frozen })));
    announce({ info: { ...INFO, name: "Twin", rdns: "test.twin" }, provider: provider() });
    const wallet = await open();
    expect(names(wallet)).toEqual(["Fox", "Twin"]);
    await wallet.connect("test.fox");
    expect(wallet.store.get().state).toMatchObject({ status: "connected", walletName: "Fox" });
  });

  it("are listed once however often they announce themselves, and by whoever comes first", async () => {
    announce({ info: INFO, provider: provider() });
    announce({ info: { ...INFO, uuid: "9", name: "Impostor" }, provider: provider() });
    expect(names(await open())).toEqual(["Fox"]);
  });

  it("cannot pose as a wallet of this page's own", async () => {
    announce({ info: { ...INFO, rdns: "injected" }, provider: provider() });
    announce({ info: { ...INFO, rdns: "sandbox", name: "Sandbox wallet?" }, provider: provider() });
    const wallet = await open();
    expect(wallet.store.get().options?.map(({ id }) => id)).not.toContain("injected");
    expect(wallet.store.get().options?.map(({ id }) => id)).not.toContain("sandbox");
    expect(names(wallet)).toEqual(["Fox", "Sandbox wallet?"]);
  });

  it("are listed without a picture that would have to be fetched", async () => {
    announce({ info: { ...INFO, icon: "https://fox.example/icon.png" }, provider: provider() });
    announce({ info: { ...INFO, icon: "fox", name: "Owl", rdns: "test.owl" }, provider: provider() });
    const { options = [] } = (await open()).store.get();
    expect(options.map(({ name, icon }) => [name, icon])).toEqual([
      ["Fox", undefined],
      ["Owl", undefined],
    ]);
  });

  it("are listed too when they come late", async () => {
    const wallet = await open();
    announce({ info: INFO, provider: provider() });
    expect(names(wallet)).toEqual(["Fox"]);
  });
});

describe("window.ethereum", () => {
  it.each<[string, PropertyDescriptor]>([
    ["is null", { value: null }],
    ["is text", { value: "wallet" }],
    ["is empty", { value: {} }],
    ["has a request that is no function", { value: { request: 7 } }],
    ["throws", { get: throwing }],
    [
      "has a request that throws when it is read",
      {
        value: {
          get request() {
            return throwing();
          },
        },
      },
    ],
  ])("that %s is no wallet, and keeps no other from being chosen", async (_form, descriptor) => {
    setEthereum(descriptor);
    const wallet = await open();
    expect(names(wallet)).toEqual([]);
    announce({ info: INFO, provider: provider() });
    await wallet.connect("test.fox");
    expect(wallet.store.get().state).toMatchObject({ status: "connected" });
  });

  it("is connected where nothing announces itself, also without events, and frozen", async () => {
    const { request } = provider();
    setEthereum({ value: Object.freeze({ request }) });
    const wallet = await open();
    expect(names(wallet)).toEqual(["Browser wallet"]);
    await wallet.connect("injected");
    expect(wallet.store.get().state).toMatchObject({ status: "connected", address: ADDRESS });
    await wallet.disconnect();
    expect(wallet.store.get().state).toEqual({ status: "none" });
  });
});

it.each(["{", "null", "7", '{"a":1}', "[]", "undefined"])(
  "the wallet's name in the browser's storage may be rubbish: %s",
  async (text) => {
    for (const key of ["recentConnectorId", "store", "test.fox.disconnected", "injected.connected"])
      localStorage.setItem(`wagmi.${key}`, text);
    announce({ info: INFO, provider: provider() });
    const wallet = await open();
    await wallet.reconnect(ADDRESS);
    expect(wallet.store.get().state).toEqual({ status: "none" });
    await wallet.connect("test.fox");
    expect(wallet.store.get().state).toMatchObject({ status: "connected" });
  },
);

it.each([
  {
    asked: "cannot be asked, as when a reload interrupts this page",
    answer: () => Promise.reject(new TypeError("Failed to fetch")),
    kept: true,
  },
  { asked: "shares nothing any more", answer: () => Promise.resolve([]), kept: false },
])("a wallet that $asked: it is remembered: $kept", async ({ answer, kept }) => {
  announce({ info: INFO, provider: provider() });
  const wallet = await open();
  await wallet.connect("test.fox");
  expect(document.cookie).toContain(ADDRESS);

  announce({ info: { ...INFO, rdns: "test.owl" }, provider: { request: answer, on: () => undefined } });
  localStorage.setItem("wagmi.recentConnectorId", JSON.stringify("test.owl"));
  const later = await open();
  await later.reconnect(ADDRESS);
  expect(later.store.get().state).toEqual({ status: "none" });
  expect(document.cookie.includes(ADDRESS)).toBe(kept);
});
