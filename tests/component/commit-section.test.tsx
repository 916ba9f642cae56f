import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { CommitSection } from "@/app/_home/commit";
import { acceptTerms } from "@/app/actions/purchase";
import { generatePurchasePermit } from "@/app/actions/sonar";
import { SupportProvider } from "@/components/ui/support-link";
import { SeedsProvider } from "@/hooks/page-provider";
import { SessionProvider } from "@/hooks/use-session";
import { useFormPermit, type PurchaseCheck } from "@/hooks/use-purchase";
import { EMPTY_DRAFT } from "@/lib/purchase/draft";
import { describeReadiness } from "@/lib/purchase/readiness";
import { failure, success, type Failure } from "@/lib/result";
import type { SaleState } from "@/lib/sale/state";
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
  const permit = useFormPermit({ entityID, walletAddress: WALLET, check: props.check.read, wanted: true });
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

const terms = { version: "v1", statement: "I accept the", documents: [{ label: "Terms", href: "/terms" }] };

function refuse(error: Failure): void {
  vi.mocked(generatePurchasePermit).mockResolvedValue({ ok: false, error });
}

describe("terms that wait for consent", () => {
  const acceptTicked = async (user: UserEvent) => {
    await user.click(await screen.findByRole("checkbox"));
    await user.click(screen.getByRole("button", { name: "Accept and continue" }));
  };

  it("take the form's place, which comes once they are accepted, and the focus is not lost", async () => {
    refuse(failure("sale/terms_not_accepted", { terms }));
    const { user } = renderPart("");
    expect(await screen.findByRole("form", { name: "Terms of the sale" })).toBeVisible();
    expect(screen.queryByRole("form", { name: "Commitment" })).toBeNull();
    vi.mocked(acceptTerms).mockResolvedValue(success(undefined));
    issue(NOW - DAY, NOW + DAY);
    await acceptTicked(user);
    expect(await screen.findByRole("form", { name: "Commitment" })).toBeVisible();
    expect(acceptTerms).toHaveBeenCalledExactlyOnceWith({ version: "v1" });
    expect(screen.queryByRole("checkbox", { name: /I accept/ })).toBeNull();
    expect(screen.getByRole("group", { name: "Commitment" })).toHaveFocus();
  });

  it("stay, with the reason, when the acceptance is not recorded", async () => {
    refuse(failure("sale/terms_not_accepted", { terms }));
    const { user } = renderPart("");
    const failed = failure("api/rate_limited");
    vi.mocked(acceptTerms).mockResolvedValue({ ok: false, error: failed });
    await acceptTicked(user);
    expect(await screen.findByText(new RegExp(failed.suggestion.slice(0, 15)))).toBeVisible();
    expect(screen.getByRole("checkbox")).toBeChecked();
    expect(generatePurchasePermit).toHaveBeenCalledOnce();
  });
});

it("a refusal of the site's own gate is shown with its own sentences in the form's place", async () => {
  refuse({ ...failure("sale/purchase_refused"), message: "Not from here.", suggestion: "Ask us." });
  renderPart("");
  expect(await screen.findByText(/Not from here\./)).toBeVisible();
  expect(screen.getByText(/Ask us\./)).toBeVisible();
  expect(screen.queryByRole("form")).toBeNull();
});
