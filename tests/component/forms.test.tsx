import { fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ConnectForm, DisconnectForm, SignInForm, SignOutForm } from "@/components/auth/forms";

/** Presses the button as a browser does; returns true if the form was submitted. */
function submit(button: HTMLElement): boolean {
  const form = button.closest("form");
  if (!form) throw new Error("the button is in no form");
  return fireEvent.submit(form);
}

function comeBack(persisted: boolean) {
  fireEvent(window, new PageTransitionEvent("pageshow", { persisted }));
}

describe("the forms of signing in and connecting", () => {
  it.each([
    ["Sign in", <SignInForm key="1" />, "/auth/sign-in"],
    ["Sign in and connect Sonar", <SignInForm key="8" connects />, "/auth/sign-in"],
    ["Sign out", <SignOutForm key="2" />, "/auth/sign-out"],
    ["Connect with Sonar", <ConnectForm key="3" returnTo="/" />, "/auth/connect/sonar"],
    ["Connect again", <ConnectForm key="4" returnTo="/" again />, "/auth/connect/sonar"],
    ["Disconnect Sonar", <DisconnectForm key="5" returnTo="/" />, "/auth/disconnect/sonar"],
    ["Connect with Sonar", <ConnectForm key="6" returnTo="/" brief />, "/auth/connect/sonar"],
    ["Disconnect Sonar", <DisconnectForm key="7" returnTo="/" brief />, "/auth/disconnect/sonar"],
  ])("%s is a plain form post in the server's HTML", (name, form, action) => {
    const container = document.createElement("div");
    container.innerHTML = renderToString(form);
    expect(container.querySelector("form")).toHaveAttribute("method", "post");
    expect(container.querySelector("form")).toHaveAttribute("action", action);
    expect(container.querySelector("button[type=submit]")).toHaveTextContent(name);
  });

  it("signing in also connects only where its button says so", () => {
    const fields = (form: ReactNode) => [...render(form).container.querySelectorAll("input")].map(({ name }) => name);
    expect(fields(<SignInForm returnTo="/" />)).toEqual(["returnTo"]);
    expect(fields(<SignInForm returnTo="/" connects />)).toEqual(["returnTo", "connect"]);
  });

  it("connecting sends the path to return to", () => {
    const { container } = render(<ConnectForm returnTo="/somewhere" />);
    expect(container.querySelector("input[name=returnTo]")).toHaveValue("/somewhere");
  });
});

describe("a form without a network", () => {
  beforeEach(() => void vi.spyOn(navigator, "onLine", "get").mockReturnValue(false));
  afterEach(() => vi.restoreAllMocks());

  it("says within the page that the site could not be reached, and can be sent again", async () => {
    vi.spyOn(window, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
    render(<SignInForm />);
    const button = screen.getByRole("button", { name: "Sign in" });
    expect(submit(button)).toBe(false);
    expect(await screen.findByRole("alert")).toHaveTextContent("This site could not be reached. Nothing was sent.");
    expect(button).not.toHaveAttribute("aria-busy");
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(true);
    expect(submit(button)).toBe(true);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("is sent once where the site can be reached all the same", async () => {
    vi.spyOn(window, "fetch").mockResolvedValue(new Response());
    const sent = vi.spyOn(HTMLFormElement.prototype, "submit").mockReturnValue();
    render(<SignInForm />);
    const button = screen.getByRole("button", { name: "Sign in" });
    submit(button);
    submit(button);
    await vi.waitFor(() => expect(sent).toHaveBeenCalledOnce());
  });
});

describe("a form that was sent", () => {
  it("is not sent again by a second press before the answer", () => {
    render(<SignInForm />);
    const button = screen.getByRole("button", { name: "Sign in" });
    expect(submit(button)).toBe(true);
    expect(submit(button)).toBe(false);
  });

  it("shows that it is pending, and keeps its name and the focus", () => {
    render(<SignInForm />);
    const button = screen.getByRole("button", { name: "Sign in" });
    button.focus();
    submit(button);
    expect(screen.getByRole("button", { name: "Sign in" })).toHaveAttribute("aria-busy", "true");
    expect(button).toHaveAttribute("aria-disabled", "true");
    expect(button).toHaveFocus();
  });

  it("can be sent again when the page returns from the browser's cache", () => {
    render(<SignInForm />);
    const button = screen.getByRole("button", { name: "Sign in" });
    submit(button);
    comeBack(true);
    expect(button).not.toHaveAttribute("aria-busy");
    expect(submit(button)).toBe(true);
  });
});
