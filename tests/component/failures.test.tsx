import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { ErrorView } from "@/components/ui/error-view";
import { FailureNotice } from "@/components/ui/failure-notice";
import { SupportProvider } from "@/components/ui/support-link";
import { failure, messageOf } from "@/lib/result";

const PASSING = failure("api/network_error", { reason: "timeout" });

describe("FailureNotice", () => {
  it("says what happened, what to do, and the code for support", () => {
    render(<FailureNotice failure={PASSING} returnTo="/" />);
    expect(screen.getByRole("alert")).toHaveTextContent(messageOf(PASSING));
    expect(screen.getByRole("alert")).toHaveTextContent(PASSING.suggestion);
    expect(screen.getByRole("alert")).toHaveTextContent(PASSING.code);
  });

  it("names the provider that it is about", () => {
    const provider = { id: "plain", name: "Plain" };
    render(<FailureNotice failure={failure("api/server_error")} returnTo="/connections" provider={provider} />);
    expect(screen.getByRole("alert")).toHaveTextContent("Plain had an internal error.");
  });

  it("offers another try if that can help", async () => {
    const onRetry = vi.fn();
    render(<FailureNotice failure={PASSING} returnTo="/" onRetry={onRetry} />);
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(onRetry).toHaveBeenCalledTimes(1);
  });

  it("starts no second try while one is in progress", async () => {
    const onRetry = vi.fn();
    render(<FailureNotice failure={PASSING} returnTo="/" onRetry={onRetry} retrying />);
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(onRetry).not.toHaveBeenCalled();
  });

  it("reloads the page if there is no callback to try again", () => {
    render(<FailureNotice failure={PASSING} returnTo="/connections" />);
    expect(screen.getByRole("link", { name: "Try again" })).toHaveAttribute("href", "/connections");
  });

  it.each([
    ["connection/reconnect_required", "Connect again"],
    ["session/missing", "Sign in"],
  ] as const)("%s offers one button: %s", (code, name) => {
    render(<FailureNotice failure={failure(code)} returnTo="/" onRetry={vi.fn()} />);
    expect(screen.getAllByRole("button").map((button) => button.textContent)).toEqual([name]);
  });

  it("offers no button if only the operator can help", () => {
    render(<FailureNotice failure={failure("config/missing")} returnTo="/" onRetry={vi.fn()} />);
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.queryByRole("link")).toBeNull();
  });

  it("links to the operator's support if there is one, where the code is needed", () => {
    render(
      <SupportProvider url="mailto:help@example.com">
        <FailureNotice failure={failure("config/missing")} returnTo="/" />
      </SupportProvider>,
    );
    expect(screen.getByRole("link", { name: /Contact support/ })).toHaveAttribute("href", "mailto:help@example.com");
  });
});

describe("a page about an error", () => {
  const page = (
    <ErrorView title="Not connected" message="No." suggestion="Report it." action={null} reference="a/code" />
  );

  it("links to the operator's support if there is one", () => {
    render(<SupportProvider url="https://help.example.com">{page}</SupportProvider>);
    expect(screen.getByRole("link", { name: /Contact support/ })).toHaveAttribute("href", "https://help.example.com");
  });

  it("shows no link if there is none", () => {
    render(page);
    expect(screen.getByText("a/code")).toBeVisible();
    expect(screen.queryByRole("link")).toBeNull();
  });
});
