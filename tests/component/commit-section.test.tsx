import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { CommitSection } from "@/app/_home/commit";
import { acceptTerms } from "@/app/actions/purchase";
import { generatePurchasePermit } from "@/app/actions/sonar";
import { SupportProvider } from "@/components/ui/support-link";
import { SeedsProvider } from "@/hooks/page-provider";
import { SessionProvider } from "@/hooks/use-session";
import { useFormPermit, type PurchaseCheck } from "@/hooks/use-purchase";
import { site } from "@/lib/config/site";
import { EMPTY_DRAFT } from "@/lib/purchase/draft";
import { describeReadiness } from "@/lib/purchase/readiness";
import { failure, success, type Failure } from "@/lib/result";
import type { SaleState } from "@/lib/sale/state";
import type { CommitOrder } from "@/lib/wallet/transactions/order";
import { someChain as chain, someEntity, somePermit, somePosition } from "@/tests/support/purchase/some-purchase";

// The actions belong to the server: this test covers the form's use of their answers.
vi.mock("@/app/actions/purchase", () => ({ acceptTerms: vi.fn() }));
vi.mock("@/app/actions/sonar", () => ({ generatePurchasePermit: vi.fn() }));

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" as const;
const DAY = 86_400;
/** 15 Jan 2027, 08:00 UTC. */
const NOW = 1_800_000_000;

const saleState: SaleState = {
  stage: "commitment",
  paused: false,
  blockTime: NOW,
  claimRefundEnabled: false,
  reduceCommitmentEnabled: false,
  tokens: [{ address: "0x5FbDB2315678afecb367f032d93F642f64180aa3", symbol: "USDC", decimals: 6 }],
};

function issue(OpensAt: number, ClosesAt: number): void {
  const answer = { PermitJSON: somePermit({ OpensAt, ClosesAt }), Signature: "0x" } as const;
  vi.mocked(generatePurchasePermit).mockResolvedValue(success(answer));
}

type PartProps = Omit<Parameters<typeof CommitSection>[0], "permit">;

/** The section with its permit, as on the page. */
function Part(props: PartProps) {
  const entityID = props.entity.EntityID;
  const { chain, check } = props;
  const permit = useFormPermit({ chain, entityID, walletAddress: WALLET, check: check.read, wanted: true });
  return <CommitSection {...props} permit={permit} />;
}

function renderPart(FailureReason: string, more: Partial<PartProps> = {}) {
  const answer = { ReadyToPurchase: FailureReason === "", FailureReason, LivenessCheckURL: "" };
  const checkAgain = vi.fn();
  const value = describeReadiness(answer);
  const check: PurchaseCheck = { read: { status: "ready", value }, checking: false, checkAgain };
  const session = { signedIn: true, connected: (["sonar"] as const).slice(), sonarConnected: true, viewKey: "view" };
  const about = {
    chain,
    saleUUID: "sale",
    entity: someEntity(),
    address: WALLET,
    saleState,
    check,
    position: somePosition("none"),
    entities: [someEntity()],
    namesEntity: false,
    onOtherWallet: vi.fn(),
  };
  const draft = { draft: EMPTY_DRAFT, onDraft: vi.fn(), onCommit: vi.fn(), busy: false };
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SessionProvider session={session}>
        <SeedsProvider seeds={{}}>
          <SupportProvider url="https://help.example/">
            <Part {...about} {...draft} setupUrl="https://sonar.example/" returnTo="/" {...more} />
          </SupportProvider>
        </SeedsProvider>
      </SessionProvider>
    </QueryClientProvider>,
  );
  return { checkAgain, user: userEvent.setup() };
}

beforeEach(() => {
  vi.mocked(generatePurchasePermit).mockReset();
  vi.mocked(acceptTerms).mockReset();
});

describe("an entity outside its own window", () => {
  it("is told when that opens", async () => {
    issue(NOW + DAY, NOW + 2 * DAY);
    renderPart("outside-time-window");
    expect(await screen.findByText(/Its time window opens on 16 Jan 2027, 08:00 UTC\.$/)).toBeVisible();
  });

  it("is told when that ended", async () => {
    issue(NOW - 2 * DAY, NOW - DAY);
    renderPart("outside-time-window");
    expect(await screen.findByText(/Its time window ended on 14 Jan 2027, 08:00 UTC\.$/)).toBeVisible();
  });

  it("is told that the window is not open if no permit says more", async () => {
    vi.mocked(generatePurchasePermit).mockResolvedValue({ ok: false, error: failure("api/server_error") });
    renderPart("outside-time-window");
    await vi.waitFor(() => expect(generatePurchasePermit).toHaveBeenCalled());
    expect(screen.getByText(/Its time window is not open\.$/)).toBeVisible();
  });

  it("is told so even if the check was passed, and gets a way forward instead of a form that can send nothing", async () => {
    issue(NOW + DAY, NOW + 2 * DAY);
    const { user, checkAgain } = renderPart("");
    expect(await screen.findByText(/opens on 16 Jan 2027, 08:00 UTC/)).toBeVisible();
    expect(screen.queryByRole("form")).toBeNull();
    issue(NOW - DAY, NOW + DAY);
    await user.click(screen.getByRole("button", { name: "Check again" }));
    expect(await screen.findByRole("form", { name: "Commitment" })).toBeVisible();
    expect(checkAgain).toHaveBeenCalledOnce();
  });
});

it("no permit is requested for any other refusal", () => {
  renderPart("wallet-risk");
  expect(generatePurchasePermit).not.toHaveBeenCalled();
});

it.each([
  ["a plain wallet cannot commit without the coin for fees", false, 1],
  ["a contract wallet can, since others may pay its fees", true, 0],
])("%s", async (_what, isContract, times) => {
  issue(NOW - DAY, NOW + DAY);
  renderPart("", { funds: { native: 0n, tokens: {}, isContract } });
  await screen.findByRole("form", { name: "Commitment" });
  expect(screen.queryAllByText(/Your wallet holds no ETH/)).toHaveLength(times);
});

it("a permit that this site cannot use is reported, with a button to check again and the support link", async () => {
  const older = { ...somePermit({}), MinAmount: "none" };
  vi.mocked(generatePurchasePermit).mockResolvedValue(success({ PermitJSON: older, Signature: "0x" }));
  const { user } = renderPart("");
  expect(await screen.findByText(/contains an amount that cannot be read/)).toBeVisible();
  expect(screen.getByRole("link", { name: /Contact support/ })).toHaveAttribute("href", "https://help.example/");
  issue(NOW - DAY, NOW + DAY);
  await user.click(screen.getByRole("button", { name: "Check again" }));
  expect(await screen.findByRole("form", { name: "Commitment" })).toBeVisible();
});

const typed = { ...EMPTY_DRAFT, amount: "125.50" };

function refuse(error: Failure): void {
  vi.mocked(generatePurchasePermit).mockResolvedValue({ ok: false, error });
}

describe.runIf(site.consent)("the press that commits", () => {
  const version = site.consent?.version ?? "";

  async function press(more: Partial<PartProps> = {}) {
    issue(NOW - DAY, NOW + DAY);
    const onCommit = vi.fn();
    const part = renderPart("", { draft: typed, onCommit, ...more });
    const tick = screen.queryByRole("checkbox", { name: new RegExp(site.consent?.statement ?? "") });
    if (tick) await part.user.click(tick);
    await part.user.click(await screen.findByRole("button", { name: /^Commit 125.50 USDC/ }));
    return { ...part, onCommit };
  }

  it("records the acceptance of the terms for the entity first, and only once", async () => {
    vi.mocked(acceptTerms).mockResolvedValue(success(undefined));
    const { user, onCommit } = await press();
    expect(acceptTerms).toHaveBeenCalledExactlyOnceWith({ entityID: someEntity().EntityID, version });
    await vi.waitFor(() => expect(onCommit).toHaveBeenCalledOnce());
    await user.click(screen.getByRole("button", { name: /^Commit 125.50 USDC/ }));
    expect(onCommit).toHaveBeenCalledTimes(2);
    expect(acceptTerms).toHaveBeenCalledOnce();
  });

  it("takes the decimals that Sonar has stated before while its figures cannot be read, and none from elsewhere", async () => {
    vi.mocked(acceptTerms).mockResolvedValue(success(undefined));
    const known = await press({ saleState: { ...saleState, paymentDecimals: 6 } });
    await vi.waitFor(() => expect(known.onCommit).toHaveBeenCalledOnce());
    expect(known.onCommit).toHaveBeenCalledWith(expect.objectContaining({ paymentDecimals: 6 }));
    cleanup();
    const unknown = await press();
    await vi.waitFor(() => expect(unknown.onCommit).toHaveBeenCalledOnce());
    expect(unknown.onCommit).toHaveBeenCalledWith(expect.not.objectContaining({ paymentDecimals: expect.anything() }));
  });

  it("sends nothing when the terms have changed: the new ones take their place, and the next press accepts them", async () => {
    const changed = { by: "press", version: "new", statement: "You now accept the", documents: [] } as const;
    const refusal = failure("sale/terms_changed", { terms: changed });
    vi.mocked(acceptTerms).mockResolvedValueOnce({ ok: false, error: refusal });
    const { user, onCommit } = await press();
    expect(await screen.findByText(refusal.message)).toBeVisible();
    expect(screen.getByText(/You now accept the/)).toBeVisible();
    expect(screen.getByRole("textbox", { name: "Amount" })).toHaveValue("125.50");
    expect(onCommit).not.toHaveBeenCalled();
    vi.mocked(acceptTerms).mockResolvedValue(success(undefined));
    await user.click(screen.getByRole("button", { name: /^Commit 125.50 USDC/ }));
    await vi.waitFor(() => expect(onCommit).toHaveBeenCalledOnce());
    expect(acceptTerms).toHaveBeenLastCalledWith({ entityID: someEntity().EntityID, version: "new" });
    expect(screen.queryByText(refusal.message)).toBeNull();
  });

  it("sends nothing when the acceptance is not recorded, and says why", async () => {
    const failed = failure("api/rate_limited");
    vi.mocked(acceptTerms).mockResolvedValue({ ok: false, error: failed });
    const { onCommit } = await press();
    expect(await screen.findByText(new RegExp(failed.suggestion.slice(0, 15)))).toBeVisible();
    expect(onCommit).not.toHaveBeenCalled();
  });

  it("accepts again when the server finds no acceptance for the permit", async () => {
    vi.mocked(acceptTerms).mockResolvedValue(success(undefined));
    const { user, onCommit } = await press();
    await vi.waitFor(() => expect(onCommit).toHaveBeenCalledOnce());
    const [order] = onCommit.mock.calls[0] as [CommitOrder];
    refuse(failure("sale/terms_not_accepted", { terms: site.consent }));
    await expect(order.getPermit()).rejects.toThrow();
    await user.click(screen.getByRole("button", { name: /^Commit 125.50 USDC/ }));
    await vi.waitFor(() => expect(acceptTerms).toHaveBeenCalledTimes(2));
  });
});

describe("a wallet of another entity", () => {
  const funds = { native: 1n, tokens: {}, isContract: false, entityId: `0x${"22".repeat(16)}` as const };
  const other = someEntity({ EntityID: "AUX-2", Label: "Johnson Orbital LLC", SaleSpecificEntityID: funds.entityId });

  it.each([
    ["by its name if it is the user's", [someEntity(), other], "This wallet already belongs to Johnson Orbital LLC"],
    ["as another one if it is not", [someEntity()], "This wallet already belongs to another entity"],
  ])(
    "is named before the press, %s, with the way to another wallet in the form's place",
    async (_how, entities, title) => {
      issue(NOW - DAY, NOW + DAY);
      const onOtherWallet = vi.fn();
      const { user } = renderPart("", { funds, entities, onOtherWallet });
      expect(screen.getByText(title)).toBeVisible();
      expect(screen.queryByRole("form")).toBeNull();
      await user.click(screen.getByRole("button", { name: "Use another wallet" }));
      expect(onOtherWallet).toHaveBeenCalledOnce();
    },
  );

  it("is no obstacle once it belongs to the chosen one", async () => {
    issue(NOW - DAY, NOW + DAY);
    renderPart("", { funds, entity: other, entities: [someEntity(), other] });
    expect(await screen.findByRole("form", { name: "Commitment" })).toBeVisible();
  });
});

it.each([
  [["Ada Lovelace"], "Commit 125.50 USDC"],
  [["Ada Lovelace", "Johnson Orbital LLC"], "Commit 125.50 USDC as Ada Lovelace"],
])("with the entities %j, the button says: %s", async (names, label) => {
  issue(NOW - DAY, NOW + DAY);
  const entities = names.map((Label, index) => someEntity({ Label, EntityID: `AUX-${index}` }));
  renderPart("", { draft: typed, entities, namesEntity: entities.length > 1 });
  expect(await screen.findByRole("button", { name: label })).toBeVisible();
});

it("between a confirmation and the next read of the position, the button waits instead of sending an outdated total", async () => {
  issue(NOW - DAY, NOW + DAY);
  const onCommit = vi.fn();
  const { user } = renderPart("", { draft: typed, updating: true, onCommit });
  const button = await screen.findByRole("button", { name: "Commit 125.50 USDC" });
  expect(button).toHaveAccessibleDescription("Updating your commitment.");
  await user.click(button);
  expect(acceptTerms).not.toHaveBeenCalled();
  expect(onCommit).not.toHaveBeenCalled();
});

it("a refusal of the site's own gate is shown with its own sentences in the form's place", async () => {
  refuse({ ...failure("sale/purchase_refused"), message: "Not from here.", suggestion: "Ask us." });
  renderPart("");
  expect(await screen.findByText(/Not from here\./)).toBeVisible();
  expect(screen.getByText(/Ask us\./)).toBeVisible();
  expect(screen.queryByRole("form")).toBeNull();
});
