import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import {
  PendingNotice,
  PurchaseErrorNotice,
  SendStepList,
  PurchaseSuccess,
} from "@/components/purchase/transaction-status";
import { PositionCard } from "@/components/purchase/position";
import { ReadinessNotice } from "@/components/purchase/readiness-notice";
import { errorOfFailure } from "@/lib/purchase/errors/purchase-error";
import { describeReadiness } from "@/lib/purchase/readiness";
import { failure } from "@/lib/result";
import { ANN, rowOf, TOKENS, twoWalletPosition, USDC, USDT } from "@/tests/support/purchase/some-purchase";

const HASH = `0x${"ab".repeat(32)}` as const;
const EXPLORER = { explorerUrl: "https://explorer.example" };

describe("the position", () => {
  it("shows the total, and every wallet with its own token", () => {
    render(<PositionCard position={twoWalletPosition()} tokens={TOKENS} />);
    expect(screen.getByRole("region", { name: "Your position" })).toHaveTextContent("135.50 USDC and USDT");
    const rows = within(screen.getByRole("list", { name: "By wallet" })).getAllByRole("listitem");
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/79C8125\.50 USDC$/),
      expect.stringMatching(/93BC10 USDT$/),
    ]);
  });

  it.each([
    ["cancelled", "Cancelled", "Paid back"],
    ["settled", "Settled", "To be paid back"],
    ["refunded", "Refunded", "Accepted"],
  ] as const)("that is %s says so", (state, badge, term) => {
    render(<PositionCard position={twoWalletPosition({ state })} tokens={TOKENS} />);
    expect(screen.getByText(badge)).toBeVisible();
    expect(screen.getByText(term)).toBeVisible();
  });

  it("names with each sum the tokens that it is made of", () => {
    const total = {
      committed: 135_500_000n,
      cancelled: 0n,
      accepted: 125_500_000n,
      refundable: 10_000_000n,
      returned: 0n,
    };
    const rows = [
      { ...rowOf("ann", USDC, 0n), committed: 125_500_000n, accepted: 125_500_000n },
      rowOf("ben", USDT, 10_000_000n),
    ];
    render(<PositionCard position={twoWalletPosition({ state: "settled", total, rows })} tokens={TOKENS} />);
    const sum = (term: string) => screen.getByText(term).nextElementSibling?.textContent;
    expect([sum("Committed"), sum("Accepted"), sum("To be paid back")]).toEqual([
      "135.50 USDC and USDT",
      "125.50 USDC",
      "10 USDT",
    ]);
  });

  it("tells its lockup", () => {
    render(
      <PositionCard position={twoWalletPosition({ bid: { lockup: true, price: 0n, amount: 1n } })} tokens={TOKENS} />,
    );
    expect(screen.getByText("With lockup")).toBeVisible();
  });
});

describe("a check that was not passed", () => {
  function renderCheck(FailureReason: string, LivenessCheckURL = "") {
    const readiness = describeReadiness({ ReadyToPurchase: false, FailureReason, LivenessCheckURL });
    if (readiness.ready) throw new Error("It was passed.");
    const onCheckAgain = vi.fn();
    const links = { setupUrl: "https://sonar.example/home", supportUrl: "https://help.example/" };
    render(<ReadinessNotice readiness={readiness} onCheckAgain={onCheckAgain} checking={false} {...links} />);
    return { onCheckAgain, sentence: readiness.sentence };
  }

  it.each([
    ["requires-liveness", "https://sonar.example/live", "I have done it – check again"],
    ["wallet-not-linked", "https://sonar.example/home", "I have done it – check again"],
    ["sale-not-active", "https://help.example/", "Check again"],
    ["wallet-risk", undefined, "Check again"],
    ["max-wallets-used", undefined, "Check again"],
    ["outside-time-window", undefined, "Check again"],
    ["a-new-reason", undefined, "Check again"],
  ])("for %s has its own sentence and way forward", async (reason, href, again) => {
    const { onCheckAgain, sentence } = renderCheck(reason, "https://sonar.example/live");
    expect(screen.getByText(sentence)).toBeVisible();
    const link = screen.queryByRole("link");
    expect(link?.getAttribute("href") ?? undefined).toBe(href);
    expect(link?.getAttribute("rel") ?? "noopener").toContain("noopener");
    await userEvent.click(screen.getByRole("button", { name: again }));
    expect(onCheckAgain).toHaveBeenCalledOnce();
  });

  it("opens no face check at an unsafe address", () => {
    renderCheck("requires-liveness", "javascript:alert(1)");
    expect(screen.queryByRole("link")).toBeNull();
  });
});

describe("a transaction under way", () => {
  it("shows its steps, what to do in the wallet and where it is, and leaves out what is not needed", () => {
    const steps = [
      { id: "check", state: "done" },
      { id: "approve", state: "skipped" },
      { id: "sign", state: "done" },
      { id: "send", state: "now", hash: HASH },
      { id: "confirm", state: "todo" },
    ] as const;
    render(<SendStepList kind="commit" steps={steps} {...EXPLORER} />);
    const rows = screen.getAllByRole("listitem");
    expect(rows).toHaveLength(4);
    expect(rows[2]).toHaveAttribute("aria-current", "step");
    expect(rows[2]).toHaveTextContent("Confirm in your wallet.");
    expect(screen.getByRole("link")).toHaveAttribute("href", `https://explorer.example/tx/${HASH}`);
  });

  const pending = {
    kind: "commit" as const,
    hash: HASH,
    chainId: 1,
    contract: ANN,
    entityId: "0x11" as const,
    wallet: ANN,
    increment: "125500000",
    sentAt: 1,
  } as const;

  it("that was sent earlier waits for confirmation, and is called pending however long it takes", async () => {
    const onForget = vi.fn();
    const { rerender } = render(
      <PendingNotice pending={pending} token={USDC} slow={false} {...EXPLORER} onForget={onForget} />,
    );
    expect(screen.getByRole("status")).toHaveTextContent("Your commitment of 125.50 USDC was sent");
    expect(screen.queryByRole("button", { name: /gone from my wallet/ })).toBeNull();
    rerender(<PendingNotice pending={pending} token={USDC} slow {...EXPLORER} onForget={onForget} />);
    expect(screen.getByRole("status")).toHaveTextContent("still pending");
    await userEvent.click(screen.getByRole("button", { name: /gone from my wallet/ }));
    expect(onForget).toHaveBeenCalledOnce();
  });

  it("that succeeded tells amount, total and place", () => {
    const amounts = { increment: 125_500_000n, total: 135_500_000n };
    const outcome = { kind: "commit", hash: HASH, wallet: ANN, block: 1n, ...amounts } as const;
    render(<PurchaseSuccess outcome={outcome} token={USDC} {...EXPLORER} onDismiss={vi.fn()} />);
    const status = screen.getByRole("status");
    expect(status).toHaveTextContent("Your commitment is confirmed");
    expect(status).toHaveTextContent("125.50 USDC committed. Your entity's total is 135.50 USDC.");
  });

  it("that succeeded tells the tokens of the total, which may be more than the one paid with", () => {
    const amounts = { increment: 10_000_000n, total: 135_500_000n };
    const outcome = { kind: "commit", hash: HASH, wallet: ANN, block: 1n, ...amounts } as const;
    render(
      <PurchaseSuccess outcome={outcome} token={USDT} totalSymbol="USDC and USDT" {...EXPLORER} onDismiss={vi.fn()} />,
    );
    expect(screen.getByRole("status")).toHaveTextContent(
      "10 USDT committed. Your entity's total is 135.50 USDC and USDT.",
    );
  });

  it("that approved an amount names it and its wallet: another one, or more, has to be approved anew", () => {
    const outcome = { kind: "approve", hash: HASH, wallet: ANN, block: 1n, increment: 125_500_000n } as const;
    render(<PurchaseSuccess outcome={outcome} token={USDT} {...EXPLORER} onDismiss={vi.fn()} />);
    expect(screen.getByRole("status")).toHaveTextContent(
      "with the wallet 0x7099…79C8: it has approved 125.50 USDT, and up to that it is not asked again.",
    );
  });

  it("that reset an approval is not told as one: the approval is still to be given", () => {
    const reset = { kind: "reset-allowance", hash: HASH, wallet: ANN, token: USDT.address } as const;
    const place = { chainId: 1, contract: ANN, entityId: `0x${"11".repeat(16)}`, sentAt: 1 } as const;
    const { rerender } = render(
      <PendingNotice
        pending={{ ...reset, ...place, increment: "125500000" }}
        token={USDT}
        slow={false}
        {...EXPLORER}
        onForget={vi.fn()}
      />,
    );
    expect(screen.getByRole("status")).toHaveTextContent("The reset of your earlier approval was sent");
    rerender(<PurchaseSuccess outcome={{ ...reset, block: 1n }} token={USDT} {...EXPLORER} onDismiss={vi.fn()} />);
    expect(screen.getByRole("status")).toHaveTextContent("Your earlier approval is reset");
    expect(screen.getByRole("status")).toHaveTextContent(
      "with the wallet 0x7099…79C8, which still has to approve the amount",
    );
  });

  it("that was declined in the wallet is told quietly, a refusal of the chain is not", () => {
    const error = { kind: "user-rejected", sentence: "You declined.", action: "retry" } as const;
    const { rerender } = render(<PurchaseErrorNotice error={error} onDismiss={vi.fn()} returnTo="/" />);
    expect(screen.queryByRole("alert")).toBeNull();
    rerender(<PurchaseErrorNotice error={{ ...error, kind: "SalePaused" }} onDismiss={vi.fn()} returnTo="/" />);
    expect(screen.getByRole("alert")).toBeVisible();
  });

  it("for which the server gave no permit shows the server's own words and way out", () => {
    const error = errorOfFailure(failure("api/rate_limited"));
    render(<PurchaseErrorNotice error={error} onDismiss={vi.fn()} returnTo="/" />);
    expect(screen.getByRole("alert")).toHaveTextContent("Too many requests");
  });
});
