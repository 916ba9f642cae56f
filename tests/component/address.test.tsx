import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { Address } from "@/components/wallet/address";
import { AnnouncerProvider } from "@/hooks/use-announcer";

const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

describe("Address", () => {
  it("is shortened on screen, and complete on hover and for screen readers", () => {
    render(<Address address={ADDRESS} label="contract address" />);
    expect(screen.getByTitle(ADDRESS)).toBeVisible();
    expect(screen.getByText("0x709979…dc79C8")).toHaveAttribute("aria-hidden", "true");
    expect(screen.getByText(ADDRESS)).not.toHaveAttribute("aria-hidden");
  });

  it("copies the whole address", async () => {
    const user = userEvent.setup();
    render(<Address address={ADDRESS} label="contract address" />, { wrapper: AnnouncerProvider });
    await user.click(screen.getByRole("button", { name: "Copy contract address" }));
    expect(await navigator.clipboard.readText()).toBe(ADDRESS);
    expect(screen.getByRole("log")).toHaveTextContent("The contract address is copied.");
  });

  it("says when the browser refuses to copy", async () => {
    const user = userEvent.setup();
    vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new DOMException("refused", "NotAllowedError"));
    render(<Address address={ADDRESS} label="contract address" />, { wrapper: AnnouncerProvider });
    await user.click(screen.getByRole("button", { name: "Copy contract address" }));
    expect(screen.getByRole("log")).toHaveTextContent("The contract address could not be copied.");
  });
});
