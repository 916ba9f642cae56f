import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { TermsForm } from "@/components/purchase/terms-form";
import type { TermsConsent } from "@/lib/config/site";
import { failure } from "@/lib/result";

function terms(version: string): TermsConsent {
  const documents = [
    { label: "Terms", href: "/terms" },
    { label: "Risks", href: "https://risks.example/" },
  ];
  return { version, statement: "I accept the", documents };
}

const refusal = { ...failure("sale/terms_not_accepted"), terms: terms("v1") };

function renderForm() {
  const onAccept = vi.fn();
  const form = (more: Partial<Parameters<typeof TermsForm>[0]> = {}) => (
    <TermsForm refusal={refusal} onAccept={onAccept} accepting={false} returnTo="/" {...more} />
  );
  const { rerender } = render(form());
  return { onAccept, show: (more: Parameters<typeof form>[0]) => rerender(form(more)), user: userEvent.setup() };
}

// The word between the documents is of the site's language.
const checkbox = () => screen.getByRole("checkbox", { name: /^I accept the ?Terms.*Risks/ });
const button = () => screen.getByRole("button", { name: "Accept and continue" });

it("the terms say why they are shown, and their documents open beside the page", () => {
  renderForm();
  expect(screen.getByRole("status")).toHaveTextContent(refusal.message);
  for (const { label, href } of refusal.terms.documents) {
    const link = screen.getByRole("link", { name: new RegExp(`^${label}`) });
    expect(link).toHaveAttribute("href", href);
    expect(link).toHaveAttribute("target", "_blank");
  }
});

it("an unticked box is explained at the box, which gets the focus, and nothing is accepted", async () => {
  const { user, onAccept } = renderForm();
  await user.click(button());
  expect(checkbox()).toHaveFocus();
  expect(checkbox()).toBeInvalid();
  expect(checkbox()).toHaveAccessibleDescription("Tick the box to accept the terms.");
  expect(onAccept).not.toHaveBeenCalled();
  await user.click(checkbox());
  expect(checkbox()).toBeValid();
  expect(checkbox()).toHaveAccessibleDescription("");
});

it("a ticked box accepts exactly the version that was shown, once", async () => {
  const { user, onAccept, show } = renderForm();
  await user.click(checkbox());
  await user.click(button());
  show({ accepting: true });
  await user.click(button());
  await user.click(checkbox());
  expect(checkbox()).toBeChecked();
  expect(onAccept.mock.calls).toEqual([["v1"]]);
});

it("terms that change under a tick take its place without one, and are explained", async () => {
  const { user, onAccept, show } = renderForm();
  await user.click(checkbox());
  const changed = failure("sale/terms_changed", { terms: terms("v2") });
  show({ failure: changed });
  expect(screen.getByRole("status")).toHaveTextContent(changed.message);
  expect(checkbox()).not.toBeChecked();
  await user.click(button());
  expect(onAccept).not.toHaveBeenCalled();
  await user.click(checkbox());
  await user.click(button());
  expect(onAccept.mock.calls).toEqual([["v2"]]);
});

it("after a failure the tick and the button stay, with the reason", async () => {
  const { user, onAccept, show } = renderForm();
  await user.click(checkbox());
  const offline = failure("request/offline");
  show({ failure: offline });
  expect(screen.getByText(new RegExp(offline.message.slice(0, 20)))).toBeVisible();
  expect(checkbox()).toBeChecked();
  expect(screen.getAllByRole("button")).toEqual([button()]);
  await user.click(button());
  expect(onAccept).toHaveBeenCalledOnce();
});
