import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ReadinessNotice } from "@/components/purchase/readiness-notice";
import {
  PendingNotice,
  PurchaseErrorNotice,
  SendStepList,
  PurchaseSuccess,
} from "@/components/purchase/transaction-status";
import { errorOfFailure } from "@/lib/purchase/errors/purchase-error";
import { describeReadiness } from "@/lib/purchase/readiness";
import { failure } from "@/lib/result";
import { ANN, USDC, USDT } from "@/tests/support/purchase/some-purchase";

const HASH = `0x${"ab".repeat(32)}` as const;
const EXPLORER = { explorerUrl: "https://explorer.example" };

describe("a check that failed", () => {
  function renderCheck(FailureReason: string, LivenessCheckURL = "") {
    const readiness = describeReadiness({ ReadyToPurchase: false, FailureReason, LivenessCheckURL });
    if (readiness.ready) throw new Error("It was passed.");
    const onCheckAgain = vi.fn();
    const links = { setupUrl: "https://sonar.example/home", supportUrl: "https://help.example/" };
    render(<ReadinessNotice readiness={readiness} onCheckAgain={onCheckAgain} checking={false} {...links} />);
    return { onCheckAgain, sentence: readiness.sentence };
  }

  it.each([
    ["requires-liveness", "https://sonar.example/live", "Done – check again"],
    ["wallet-not-linked", "https://sonar.example/home", "Done – check again"],
    ["sale-not-active", "https://help.example/", "Check again"],
    ["wallet-risk", undefined, "Check again"],
    ["max-wallets-used", undefined, "Check again"],
    ["outside-time-window", undefined, "Check again"],
    ["a-new-reason", undefined, "Check again"],
  ])("for %s shows its own sentence and next step", async (reason, href, again) => {
    const { onCheckAgain, sentence } = renderCheck(reason, "https://sonar.example/live");
    expect(screen.getByText(sentence)).toBeVisible();
    const link = screen.queryByRole("link");
    expect(link?.getAttribute("href") ?? undefined).toBe(href);
    expect(link?.getAttribute("rel") ?? "noopener").toContain("noopener");
    await userEvent.click(screen.getByRole("button", { name: again }));
    expect(onCheckAgain).toHaveBeenCalledOnce();
  });

  it("links to no face check at an unsafe address", () => {
    renderCheck("requires-liveness", "javascript:alert(1)");
    expect(screen.queryByRole("link")).toBeNull();
  });
});

describe("a transaction that is known by its effect", () => {
  const before = { block: "12", value: "0" };
  const scope = { chainId: 31337, contract: ANN, entityId: `0x${"11".repeat(16)}`, wallet: ANN, sentAt: 1 } as const;

  it("of a contract account says that others may have to sign, by when, and that it may be left", async () => {
    const onForget = vi.fn();
    const pending = { ...scope, kind: "commit", hash: HASH, before, increment: "5000000" } as const;
    render(<PendingNotice pending={pending} token={USDC} slow={false} onForget={onForget} {...EXPLORER} />);
    expect(screen.getByRole("status")).toHaveTextContent(
      "Your commitment of 5 USDC was given to your wallet. This account is a contract, so others may have to sign first. Check in its app. This page will notice when it takes effect, even after a reload. Sonar's permit lasts about ten minutes. If it is signed later, the sale refuses it and takes nothing.",
    );
    expect(screen.queryByRole("link"), "no explorer knows a proposal").toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "My wallet no longer shows it" }));
    expect(onForget).toHaveBeenCalledOnce();
  });

  it("whose wallet named no transaction says to check the wallet", () => {
    const pending = { ...scope, kind: "cancel", before } as const;
    render(<PendingNotice pending={pending} slow={false} onForget={vi.fn()} {...EXPLORER} />);
    expect(screen.getByRole("status")).toHaveTextContent(
      "Your cancellation was given to your wallet, which returned no transaction. Check in your wallet whether it was sent, and whether others have to sign. This page will notice when it takes effect, even after a reload.",
    );
    expect(screen.queryByRole("link")).toBeNull();
  });

  it("is confirmed without a link", () => {
    const outcome = { kind: "cancel", wallet: ANN, block: 9n } as const;
    render(<PurchaseSuccess outcome={outcome} onDismiss={vi.fn()} {...EXPLORER} />);
    expect(screen.getByRole("status")).toHaveTextContent(
      "Everything was returned to the wallets it came from. Your wallet lists the transaction.",
    );
    expect(screen.queryByRole("link")).toBeNull();
  });
});

it("a wallet that cannot sign is told why it approves", () => {
  render(<SendStepList kind="commit" steps={[{ id: "approve", state: "now" }]} note="cannot-sign" />);
  expect(screen.getByRole("listitem")).toHaveTextContent(
    "Your wallet's signature cannot be used for this payment, so you approve the amount in a transaction instead. It costs a network fee. Confirm in your wallet.",
  );
});

describe("a transaction", () => {
  it("shows its steps, the wallet's part and its link, and leaves out steps that are not needed", () => {
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

  it("that was sent earlier is called pending, however long the confirmation takes", async () => {
    const onForget = vi.fn();
    const { rerender } = render(
      <PendingNotice pending={pending} token={USDC} slow={false} {...EXPLORER} onForget={onForget} />,
    );
    expect(screen.getByRole("status")).toHaveTextContent("Your commitment of 125.50 USDC was sent");
    expect(screen.queryByRole("button", { name: /no longer shows it/ })).toBeNull();
    rerender(<PendingNotice pending={pending} token={USDC} slow {...EXPLORER} onForget={onForget} />);
    expect(screen.getByRole("status")).toHaveTextContent("still pending");
    await userEvent.click(screen.getByRole("button", { name: /no longer shows it/ }));
    expect(onForget).toHaveBeenCalledOnce();
  });

  it("that succeeded shows amount, total and link", () => {
    const amounts = { increment: 125_500_000n, total: 135_500_000n };
    const outcome = { kind: "commit", hash: HASH, wallet: ANN, block: 1n, ...amounts } as const;
    render(<PurchaseSuccess outcome={outcome} token={USDC} {...EXPLORER} onDismiss={vi.fn()} />);
    const status = screen.getByRole("status");
    expect(status).toHaveTextContent("Your commitment is confirmed");
    expect(status).toHaveTextContent("125.50 USDC committed. Your entity's total is 135.50 USDC.");
  });

  it("that succeeded names the tokens in the total, which may be more than the one paid with", () => {
    const amounts = { increment: 10_000_000n, total: 135_500_000n };
    const outcome = { kind: "commit", hash: HASH, wallet: ANN, block: 1n, ...amounts } as const;
    render(
      <PurchaseSuccess outcome={outcome} token={USDT} totalSymbol="USDC and USDT" {...EXPLORER} onDismiss={vi.fn()} />,
    );
    expect(screen.getByRole("status")).toHaveTextContent(
      "10 USDT committed. Your entity's total is 135.50 USDC and USDT.",
    );
  });

  it("that approved an amount names it and its wallet: another wallet, or more, needs a new approval", () => {
    const outcome = { kind: "approve", hash: HASH, wallet: ANN, block: 1n, increment: 125_500_000n } as const;
    render(<PurchaseSuccess outcome={outcome} token={USDT} {...EXPLORER} onDismiss={vi.fn()} />);
    expect(screen.getByRole("status")).toHaveTextContent(
      "with the wallet 0x7099…79C8: it has approved 125.50 USDT, so you won't need to approve again up to that amount.",
    );
  });

  it("that reset an approval is not reported as an approval: that is still to come", () => {
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
      "with the wallet 0x7099…79C8, which still needs to approve the amount",
    );
  });

  it("that reduces names the amount while it waits, and what returned and what stays once it is confirmed", () => {
    const reduction = { kind: "reduce", hash: HASH, wallet: ANN } as const;
    const place = { chainId: 1, contract: ANN, entityId: `0x${"11".repeat(16)}`, sentAt: 1 } as const;
    const { rerender } = render(
      <PendingNotice
        pending={{ ...reduction, ...place, takenBack: "10000000", total: "125500000" }}
        token={USDT}
        slow={false}
        {...EXPLORER}
        onForget={vi.fn()}
      />,
    );
    expect(screen.getByRole("status")).toHaveTextContent("Your reduction of 10 USDT was sent");
    const outcome = { ...reduction, block: 1n, takenBack: 10_000_000n, total: 125_500_000n };
    const status = { token: USDT, totalSymbol: "USDC", ...EXPLORER, onDismiss: vi.fn() };
    rerender(<PurchaseSuccess outcome={outcome} {...status} />);
    expect(screen.getByRole("status")).toHaveTextContent(
      "Your commitment is reduced10 USDT returned to where it came from. Your entity's total is 125.50 USDC.",
    );
  });

  it("that cancelled what was not accepted does not say that everything returned", () => {
    const outcome = { kind: "cancel", hash: HASH, wallet: ANN, block: 1n } as const;
    const { rerender } = render(<PurchaseSuccess outcome={outcome} {...EXPLORER} onDismiss={vi.fn()} />);
    expect(screen.getByRole("status")).toHaveTextContent("Everything was returned");
    rerender(<PurchaseSuccess outcome={outcome} keepsAccepted {...EXPLORER} onDismiss={vi.fn()} />);
    expect(screen.getByRole("status")).toHaveTextContent("The accepted part stays in the sale.");
  });

  it("that was declined in the wallet is reported quietly, a refusal of the chain is not", () => {
    const error = { kind: "user-rejected", sentence: "You declined.", action: "retry" } as const;
    const { rerender } = render(<PurchaseErrorNotice error={error} onDismiss={vi.fn()} returnTo="/" />);
    expect(screen.queryByRole("alert")).toBeNull();
    rerender(<PurchaseErrorNotice error={{ ...error, kind: "SalePaused" }} onDismiss={vi.fn()} returnTo="/" />);
    expect(screen.getByRole("alert")).toBeVisible();
  });

  it("for which the server issued no permit shows the server's own words and recovery", () => {
    const error = errorOfFailure(failure("api/rate_limited"));
    render(<PurchaseErrorNotice error={error} onDismiss={vi.fn()} returnTo="/" />);
    expect(screen.getByRole("alert")).toHaveTextContent("Too many requests");
  });
});
