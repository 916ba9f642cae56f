import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ReadinessNotice } from "@/components/purchase/readiness-notice";
import {
  ApprovalNotice,
  PendingNotice,
  PurchaseErrorNotice,
  SendError,
  SendStepList,
} from "@/components/purchase/transaction-status";
import { errorOfFailure } from "@/lib/purchase/errors/purchase-error";
import { describeReadiness } from "@/lib/purchase/readiness";
import { failure } from "@/lib/result";
import { ANN, USDC, USDT } from "@/tests/support/purchase/some-purchase";

const HASH = `0x${"ab".repeat(32)}` as const;
const EXPLORER = { explorerUrl: "https://explorer.example" };

/** Everything that is rendered. None of it has a role that would repeat what the page's live region says. */
function shown(): HTMLElement {
  expect(screen.queryByRole("status")).toBeNull();
  return document.body;
}

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
    expect(shown()).toHaveTextContent(
      "Your commitment of 5 USDC was given to your wallet. This account is a contract, so others may have to sign first. Check in its app. This page will notice when it takes effect, even after a reload. Sonar's permit lasts about ten minutes. If it is signed later, the sale refuses it and takes nothing.",
    );
    expect(screen.queryByRole("link"), "no explorer knows a proposal").toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "My wallet no longer shows it" }));
    expect(onForget).toHaveBeenCalledOnce();
  });

  it("of a reduction says so where the total has changed in another way, with a way on that is true in both cases", () => {
    const pending = { ...scope, kind: "reduce", hash: HASH, before, takenBack: "30000000" } as const;
    const props = { pending, token: USDC, slow: false, onForget: vi.fn(), ...EXPLORER };
    render(<PendingNotice {...props} changedTo={80_000_000n} />);
    expect(shown()).toHaveTextContent(
      "Your entity's commitment has changed in another way meanwhile: it is now 80 USDC. Check in your wallet, or in your multisig's app, whether this reduction was carried out, before you ask for another.",
    );
    expect(screen.getByRole("button")).toHaveAccessibleName("It was carried out, or my wallet no longer shows it");
  });

  it("whose wallet named no transaction says to check the wallet", () => {
    const pending = { ...scope, kind: "cancel", before } as const;
    render(<PendingNotice pending={pending} slow={false} onForget={vi.fn()} {...EXPLORER} />);
    expect(shown()).toHaveTextContent(
      "Your cancellation was given to your wallet, which returned no transaction. Check in your wallet whether it was sent, and whether others have to sign. This page will notice when it takes effect, even after a reload.",
    );
    expect(screen.queryByRole("link")).toBeNull();
  });
});

it("a wallet that cannot sign is told why it approves", () => {
  render(<SendStepList kind="commit" steps={[{ id: "approve", state: "now" }]} note="cannot-sign" />);
  expect(screen.getByRole("group")).toHaveTextContent(
    "Your wallet's signature cannot be used for this payment, so you approve the amount in a transaction instead. Confirm in your wallet.",
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
    const meanings = { sign: "It lets the sale take 5 USDC.", send: "It commits 5 USDC." };
    const names = { amount: "5 USDC", symbol: "USDC", meanings };
    const { rerender } = render(<SendStepList kind="commit" steps={steps} {...names} {...EXPLORER} />);
    expect(screen.getByRole("heading", { name: "Sending your commitment: 5 USDC" })).toBeVisible();
    const rows = screen.getAllByRole("listitem");
    expect(rows).toHaveLength(4);
    expect(rows[2]).toHaveAttribute("aria-current", "step");
    expect(rows[1]).toHaveTextContent("Sign the USDC permission");
    expect(rows[2], "a hint within a step would move those below").not.toHaveTextContent("Waiting for");
    expect(screen.getByRole("group")).toHaveTextContent("Sent. Waiting for confirmation.");
    expect(screen.getByRole("link")).toHaveAttribute("href", `https://explorer.example/tx/${HASH}`);
    expect(shown(), "it is sent already").not.toHaveTextContent("It commits 5 USDC.");
    rerender(<SendStepList kind="commit" steps={[{ id: "sign", state: "now" }]} {...names} />);
    expect(screen.getByRole("group")).toHaveTextContent("Sign in your wallet.It lets the sale take 5 USDC.");
  });

  it("that the wallet is asked for says what it does, and what to do if the wallet shows nothing for long", () => {
    const asked = {
      kind: "commit",
      steps: [{ id: "send", state: "now" }],
      meanings: { send: "It commits 5 USDC." },
    } as const;
    const { rerender } = render(<SendStepList {...asked} />);
    expect(shown()).toHaveTextContent(/Confirm in your wallet\.It commits 5 USDC\.$/);
    rerender(<SendStepList {...asked} unanswered />);
    expect(shown()).toHaveTextContent(/It commits 5 USDC\.Does your wallet show nothing\? .* reload this page\./);
  });

  it("that the sale no longer accepts is to be declined, and is not said to commit anything", () => {
    const steps = [{ id: "send", state: "now" }] as const;
    render(
      <SendStepList kind="commit" steps={steps} meanings={{ send: "It commits 5 USDC." }} decline="not-accepted" />,
    );
    expect(shown()).toHaveTextContent("Decline in your wallet. The sale does not accept this at the moment");
    expect(shown()).not.toHaveTextContent("It commits 5 USDC.");
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
    expect(shown()).toHaveTextContent("Your commitment of 125.50 USDC was sent");
    expect(screen.queryByRole("button", { name: /no longer shows it/ })).toBeNull();
    rerender(<PendingNotice pending={pending} token={USDC} slow {...EXPLORER} onForget={onForget} />);
    expect(shown()).toHaveTextContent("still pending");
    await userEvent.click(screen.getByRole("button", { name: /no longer shows it/ }));
    expect(onForget).toHaveBeenCalledOnce();
  });

  it.each<[string, bigint | undefined, string]>([
    ["what was asked for", 125_500_000n, ": it has approved 125.50 USDT. For another amount, you may be asked again."],
    [
      "without a limit",
      2n ** 256n - 1n,
      ": it has approved an unlimited amount of USDT, more than this commitment pays. You may be asked",
    ],
    ["too little", 50_000_000n, ": it has approved 50 USDT, but 125.50 USDT is needed. Approve that much"],
    ["an amount that nobody can read", undefined, ". If it has not approved enough, you will be asked again."],
  ])("that approved names its wallet, and what the chain allows: %s", (_what, approved, words) => {
    const outcome = { kind: "approve", hash: HASH, wallet: ANN, block: 1n, increment: 125_500_000n, approved } as const;
    render(<ApprovalNotice outcome={outcome} token={USDT} {...EXPLORER} onDismiss={vi.fn()} />);
    expect(shown()).toHaveTextContent(`Continue with the wallet 0x709979…dc79C8${words}`);
  });

  it("that should reset an approval, and in the wallet became one of another amount, says which", () => {
    const reset = { kind: "reset-allowance", hash: HASH, wallet: ANN, block: 1n, increment: 125_500_000n } as const;
    const outcome = { ...reset, approved: 200_000_000n };
    render(<ApprovalNotice outcome={outcome} token={USDT} {...EXPLORER} onDismiss={vi.fn()} />);
    expect(shown()).toHaveTextContent("Your approval is confirmed");
    expect(shown()).toHaveTextContent("it has approved 200 USDT");
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
    expect(shown()).toHaveTextContent("The reset of your earlier approval was sent");
    rerender(<ApprovalNotice outcome={{ ...reset, block: 1n }} token={USDT} {...EXPLORER} onDismiss={vi.fn()} />);
    expect(shown()).toHaveTextContent("Your earlier approval is reset");
    expect(shown()).toHaveTextContent("with the wallet 0x709979…dc79C8, which still needs to approve the amount");
    const nothingToPay = { ...reset, block: 1n, increment: 0n };
    rerender(<ApprovalNotice outcome={nothingToPay} token={USDT} {...EXPLORER} onDismiss={vi.fn()} />);
    expect(shown()).not.toHaveTextContent("still needs to approve");
  });

  it("that reduces names the amount while it waits", () => {
    const place = { chainId: 1, contract: ANN, entityId: `0x${"11".repeat(16)}`, sentAt: 1 } as const;
    const pending = {
      ...place,
      kind: "reduce",
      hash: HASH,
      wallet: ANN,
      takenBack: "10000000",
      total: "125500000",
    } as const;
    render(<PendingNotice pending={pending} token={USDT} slow={false} {...EXPLORER} onForget={vi.fn()} />);
    expect(shown()).toHaveTextContent("Your reduction of 10 USDT was sent");
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
    const ofTerms = errorOfFailure(failure("sale/terms_not_accepted"));
    expect([error, ofTerms].map(({ sentence }) => sentence.split("Nothing was sent.").length - 1)).toEqual([1, 1]);
    render(<PurchaseErrorNotice error={error} onDismiss={vi.fn()} returnTo="/" />);
    expect(screen.getByRole("alert")).toHaveTextContent("Too many requests");
  });

  it("that stopped says so under a heading, without a role, and leads back to the form", async () => {
    const onDismiss = vi.fn();
    const error = { kind: "SalePaused", sentence: "The sale is paused. Nothing was sent.", action: "none" } as const;
    const { rerender } = render(<SendError kind="commit" error={error} onDismiss={onDismiss} returnTo="/" />);
    expect(screen.getByRole("heading", { name: "Your commitment was stopped" })).toBeVisible();
    expect(screen.queryByRole("alert"), "the live region says it").toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Close" }));
    expect(onDismiss).toHaveBeenCalledOnce();
    const unknown = errorOfFailure(failure("session/missing"));
    rerender(<SendError kind="commit" error={unknown} onDismiss={onDismiss} returnTo="/" />);
    await userEvent.click(screen.getByRole("button", { name: "Back to the form" }));
    expect(onDismiss).toHaveBeenCalledTimes(2);
  });
});
