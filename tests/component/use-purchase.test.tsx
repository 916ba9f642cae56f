import { PrePurchaseFailureReason } from "@echoxyz/sonar-core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { Suspense, type ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { generatePurchasePermit, getPositions, prePurchaseCheck } from "@/app/actions/sonar";
import { SeedsProvider } from "@/hooks/page-provider";
import { SessionProvider } from "@/hooks/use-session";
import { usePurchase, type UsePurchaseResult } from "@/hooks/use-purchase";
import { useToldPermit } from "@/hooks/use-sale";
import { useWallet } from "@/hooks/use-wallet";
import type { Positions } from "@/lib/purchase/position";
import { fail, success } from "@/lib/result";
import type { SaleState } from "@/lib/sale/state";
import type { SonarEntity } from "@/lib/sonar/entity";
import type { WalletState } from "@/lib/wallet/wallet";
import { someChain as chain, someEntity, somePermit, somePosition } from "@/tests/support/purchase/some-purchase";

// The actions belong to the server and the wallet to the browser: this test covers the hook's use of their answers.
vi.mock("@/app/actions/sonar", () => ({
  generatePurchasePermit: vi.fn(),
  getPositions: vi.fn(),
  prePurchaseCheck: vi.fn(),
}));
vi.mock("@/hooks/use-wallet", () => ({ useWallet: vi.fn() }));

const DAY = 86_400;
const NOW = 1_800_000_000;

const OPEN: SaleState = {
  stage: "commitment",
  paused: false,
  blockTime: NOW,
  claimRefundEnabled: false,
  reduceCommitmentEnabled: false,
  tokens: [],
};

const CONNECTED = {
  status: "connected",
  address: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  chainId: 31337,
  walletName: "Sandbox wallet",
  accounts: [],
} as const satisfies WalletState;

interface Circumstances {
  announced?: { opensAt?: number; closesAt?: number };
  reason?: PrePurchaseFailureReason;
  sale?: SaleState;
  wallet?: WalletState;
  /** The first answer; absent: the entity has nothing. */
  positions?: Positions;
}

/** The purchase of an entity whose permit is valid in [opensAt, closesAt), in days from now. */
async function purchaseWith(
  window: [number, number],
  { announced, reason, sale = OPEN, wallet = CONNECTED, positions }: Circumstances,
) {
  const [OpensAt, ClosesAt] = window.map((days) => NOW + days * DAY);
  const permit = { PermitJSON: somePermit({ OpensAt, ClosesAt }), Signature: "0x" } as const;
  vi.mocked(generatePurchasePermit).mockResolvedValue(success(permit));
  const answer = { ReadyToPurchase: !reason, FailureReason: reason ?? ("" as const), LivenessCheckURL: "" };
  vi.mocked(prePurchaseCheck).mockResolvedValue(success(answer));
  vi.mocked(useWallet, { partial: true }).mockReturnValue({ state: wallet });
  const entity = someEntity();
  const nothing = [{ entityID: entity.EntityID, position: { ...somePosition("none"), block: 7n } }];
  const seeds = {
    saleState: Promise.resolve(success(sale)),
    positions: Promise.resolve(success(positions ?? nothing)),
  };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const session = { signedIn: true, connected: (["sonar"] as const).slice(), sonarConnected: true, viewKey: "view" };
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>
      <SessionProvider session={session}>
        <SeedsProvider seeds={seeds}>
          <Suspense>{children}</Suspense>
        </SeedsProvider>
      </SessionProvider>
    </QueryClientProvider>
  );
  const settings = { saleUUID: "sale", setupUrl: "https://sonar.example/", ...announced };
  const usePage = ({ listed }: { listed: SonarEntity }) => ({
    purchase: usePurchase({ settings, chain, entity: listed }),
    told: useToldPermit(),
  });
  const { result, rerender } = await act(() => renderHook(usePage, { wrapper, initialProps: { listed: entity } }));
  const phase = () => {
    const { sale: read } = result.current.purchase.state;
    return read.status === "ready" ? read.value.phase.kind : read.status;
  };
  // Each list that Sonar answers with has objects of its own.
  const listAgain = () => act(() => rerender({ listed: { ...entity } }));
  return { phase, told: () => result.current.told, purchase: () => result.current.purchase, listAgain };
}

beforeEach(() => {
  localStorage.clear();
  vi.mocked(getPositions).mockReset();
  vi.mocked(generatePurchasePermit).mockReset();
  vi.mocked(prePurchaseCheck).mockReset();
});

const inDays = (days: number) => (NOW + days * DAY) * 1000;

describe("the phase of an entity follows its permit", () => {
  it.each<[string, Circumstances["announced"]]>([
    ["although the sale is announced for later", { opensAt: inDays(3) }],
    ["although the announced time is over", { closesAt: inDays(-1) }],
    ["where nothing is announced", {}],
  ])("that is open, %s", async (_although, announced) => {
    const { phase } = await purchaseWith([-1, 1], { announced });
    await vi.waitFor(() => expect(phase()).toBe("open"));
    expect(generatePurchasePermit).toHaveBeenCalledOnce();
  });

  it("that is not open yet, although the announced time has come and Sonar's check was passed", async () => {
    const { phase } = await purchaseWith([1, 2], { announced: { opensAt: inDays(-1) } });
    await vi.waitFor(() => expect(phase()).toBe("opens-later"));
  });

  it("that is over, if Sonar's check says that it is not the time", async () => {
    const { phase } = await purchaseWith([-2, -1], { reason: PrePurchaseFailureReason.OUTSIDE_TIME_WINDOW });
    await vi.waitFor(() => expect(phase()).toBe("closed"));
  });
});

it("the newest block that the page has seen is the position's, and then that of its own transaction, though the server is behind it", async () => {
  vi.mocked(getPositions).mockReturnValue(new Promise(() => undefined));
  const { purchase } = await purchaseWith([-1, 1], {});
  expect(purchase().seenBlock).toBe(7n);
  act(() => purchase().onConfirmed({ kind: "reduce", wallet: CONNECTED.address, block: 9n }));
  expect(purchase().seenBlock).toBe(9n);
});

it.each<[string, (purchase: UsePurchaseResult) => void]>([
  ["a request that has failed in a block", ({ onFailed }) => onFailed(9n)],
  [
    "an approval that an earlier page load has sent",
    ({ onConfirmed }) => onConfirmed({ kind: "approve", wallet: CONNECTED.address, block: 9n }),
  ],
])(
  "%s is seen, and the position stays the one that is shown: no commitment is said to be confirmed",
  async (_what, end) => {
    vi.mocked(getPositions).mockReturnValue(new Promise(() => undefined));
    const { purchase } = await purchaseWith([-1, 1], {});
    act(() => end(purchase()));
    await vi.waitFor(() => expect(getPositions).toHaveBeenCalledWith(expect.objectContaining({ atBlock: 9 })));
    await vi.waitFor(() => expect(purchase().seenBlock).toBe(9n));
    expect(purchase().updating).toBe(false);
    expect(purchase().behind).toBeUndefined();
  },
);

it("the position of an entity that Sonar lists no longer is the last one, and nothing follows from it until it is listed again", async () => {
  const position = { ...somePosition("committed"), block: 9n };
  vi.mocked(getPositions).mockResolvedValue(success([{ entityID: someEntity().EntityID, position }]));
  const { purchase } = await purchaseWith([-1, 1], {});
  act(() => purchase().onConfirmed({ kind: "commit", wallet: CONNECTED.address, block: 9n }));
  await vi.waitFor(() => expect(purchase().behind).toBeUndefined());
  vi.mocked(getPositions).mockResolvedValue(success([]));
  act(() => purchase().reload());
  await vi.waitFor(() => expect(purchase()).toMatchObject({ behind: "unlisted", state: { unlisted: true } }));
  expect(purchase().state.position).toMatchObject({ status: "ready", value: position });
  vi.mocked(getPositions).mockResolvedValue(success([{ entityID: someEntity().EntityID, position }]));
  act(() => purchase().reload());
  await vi.waitFor(() => expect(purchase()).toMatchObject({ updating: false, state: { unlisted: false } }));
});

it("an entity that the positions lack has Sonar listed since: they are read again at once, and after each list that has it", async () => {
  vi.mocked(getPositions).mockResolvedValue(success([]));
  const { purchase, listAgain } = await purchaseWith([-1, 1], { positions: [] });
  await vi.waitFor(() => expect(getPositions).toHaveBeenCalledOnce());
  await vi.waitFor(() => expect(purchase().updating).toBe(false));
  expect(purchase().state.position.status).toBe("loading");
  const position = { ...somePosition("none"), block: 9n };
  vi.mocked(getPositions).mockResolvedValue(success([{ entityID: someEntity().EntityID, position }]));
  listAgain();
  await vi.waitFor(() => expect(purchase().state.position).toMatchObject({ status: "ready", value: position }));
  expect(getPositions).toHaveBeenCalledTimes(2);
});

it.each([
  ["that has ended", fail("connection/reconnect_required"), "old"],
  ["that answers with an error for once", fail("api/server_error"), undefined],
] as const)(
  "the position of before is old where a connection %s keeps it from being read",
  async (_which, answer, behind) => {
    const position = { ...somePosition("committed"), block: 9n };
    vi.mocked(getPositions).mockResolvedValue(success([{ entityID: someEntity().EntityID, position }]));
    const { purchase } = await purchaseWith([-1, 1], {});
    act(() => purchase().onConfirmed({ kind: "commit", wallet: CONNECTED.address, block: 9n }));
    await vi.waitFor(() => expect(purchase().behind).toBeUndefined());
    vi.mocked(getPositions).mockResolvedValue(answer);
    act(() => purchase().reload());
    await vi.waitFor(() => expect(purchase().state.position).toHaveProperty("refreshFailure"));
    await vi.waitFor(() => expect(purchase().behind).toBe(behind));
  },
);

it("no outcome follows from a position of another stage of the sale, whenever it comes: it is read again at once, and is old until then", async () => {
  const position = { ...somePosition("committed"), block: 9n, stage: "commitment" } as const;
  const entityID = someEntity().EntityID;
  vi.mocked(getPositions).mockResolvedValue(success([{ entityID, position }]));
  const { purchase } = await purchaseWith([-1, 1], {});
  act(() => purchase().onConfirmed({ kind: "commit", wallet: CONNECTED.address, block: 9n }));
  await vi.waitFor(() => expect(purchase().updating).toBe(false));
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json(success({ ...OPEN, stage: "done" }))));
  vi.mocked(getPositions).mockClear();
  act(() => purchase().reload());
  // The positions come from a node that is behind.
  await vi.waitFor(() => expect(vi.mocked(getPositions).mock.calls.length).toBeGreaterThan(1));
  await vi.waitFor(() => expect(purchase().behind).toBe("old"));
  const settled = { ...somePosition("settled", { accepted: 250_000_000n, refundable: 0n }), block: 10n };
  vi.mocked(getPositions).mockResolvedValue(success([{ entityID, position: { ...settled, stage: "done" as const } }]));
  act(() => purchase().reload());
  await vi.waitFor(() => expect(purchase().behind).toBeUndefined());
  expect(purchase().state.position).toMatchObject({ value: { state: "settled" } });
  vi.unstubAllGlobals();
});

describe("the rest of the page learns the permit's window", () => {
  it("once there is a permit", async () => {
    const { told } = await purchaseWith([-1, 1], {});
    await vi.waitFor(() => expect(told()).toMatchObject({ opensAt: BigInt(NOW - DAY), closesAt: BigInt(NOW + DAY) }));
  });

  it("and nothing if there is none", async () => {
    const { told } = await purchaseWith([-1, 1], { wallet: { status: "none" } });
    expect(told()).toBeUndefined();
  });
});

describe("no permit is requested, and the phase is as announced,", () => {
  const announced = { closesAt: inDays(1) };

  it.each<[string, Circumstances]>([
    ["for any other refusal of the check", { reason: PrePurchaseFailureReason.WALLET_RISK }],
    ["for a wallet on another network", { wallet: { ...CONNECTED, chainId: 1 } }],
  ])("%s", async (_why, circumstances) => {
    const { phase } = await purchaseWith([-2, -1], { announced, ...circumstances });
    await vi.waitFor(() => expect(prePurchaseCheck).toHaveBeenCalled());
    expect(phase()).toBe("open");
    expect(generatePurchasePermit).not.toHaveBeenCalled();
  });

  it("without a wallet", async () => {
    const { phase } = await purchaseWith([-2, -1], { announced, wallet: { status: "none" } });
    expect(phase()).toBe("open");
    expect(prePurchaseCheck).not.toHaveBeenCalled();
    expect(generatePurchasePermit).not.toHaveBeenCalled();
  });

  it("while this site has paused commitments", async () => {
    const { phase } = await purchaseWith([-1, 1], { sale: { ...OPEN, pausedBySite: true } });
    await vi.waitFor(() => expect(prePurchaseCheck).toHaveBeenCalled());
    expect(phase()).toBe("paused-by-site");
    expect(generatePurchasePermit).not.toHaveBeenCalled();
  });

  it("while the contract takes no commitments", async () => {
    const { phase } = await purchaseWith([-1, 1], { sale: { ...OPEN, stage: "settlement" } });
    await vi.waitFor(() => expect(prePurchaseCheck).toHaveBeenCalled());
    expect(phase()).toBe("settlement");
    expect(generatePurchasePermit).not.toHaveBeenCalled();
  });
});
