import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { hydrateRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { recordEarlyPresses, STEP_STORAGE, PRESS_KEPT_MS, WAITS } from "@/lib/early-presses";

let root: Root | undefined;

// As the document's first script does, and once: its listeners stay for as long as the document.
beforeAll(() => recordEarlyPresses(WAITS, STEP_STORAGE, PRESS_KEPT_MS));
beforeEach(() => window.earlyPresses?.clear());

afterEach(() => {
  act(() => root?.unmount());
  root = undefined;
  document.body.innerHTML = "";
  vi.restoreAllMocks();
});

/** Puts the server's markup into the page; returns a function that hydrates it. */
function serve(content: ReactNode) {
  const page = document.createElement("div");
  page.innerHTML = renderToString(content);
  document.body.append(page);
  return () => act(async () => void (root = hydrateRoot(page, content)));
}

const later = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));

it("a button that was pressed before its script ran does its work once", async () => {
  const onClick = vi.fn();
  const hydrate = serve(<Button onClick={onClick}>Connect wallet</Button>);
  const button = screen.getByRole("button", { name: "Connect wallet" });
  button.click();
  button.click();
  expect(button).toHaveAttribute("data-pressed");
  await hydrate();
  await later();
  expect(onClick).toHaveBeenCalledOnce();
  expect(button).not.toHaveAttribute("data-pressed");
  await userEvent.click(button);
  expect(onClick).toHaveBeenCalledTimes(2);
});

it("a button that nobody pressed does nothing by itself", async () => {
  const onClick = vi.fn();
  await serve(<Button onClick={onClick}>Connect wallet</Button>)();
  await later();
  expect(onClick).not.toHaveBeenCalled();
});

it("a press counts for the button that has taken the place of the pressed one", async () => {
  serve(<Button>Connect wallet</Button>);
  screen.getByRole("button").click();
  document.body.innerHTML = "";
  const [onClick, onOther] = [vi.fn(), vi.fn()];
  const hydrate = serve(
    <>
      <Button onClick={onOther}>Try again</Button>
      <Button onClick={onClick}>Connect wallet</Button>
    </>,
  );
  await hydrate();
  await later();
  expect(onClick).toHaveBeenCalledOnce();
  expect(onOther).not.toHaveBeenCalled();
});

/** A press as the browser reports it if `replace` takes the button away between its two halves: no click, because the halves have no target in common. */
function pressAcross(replace: () => void, pointerType = "mouse"): void {
  const event = (type: string) => new PointerEvent(type, { bubbles: true, pointerType, button: 0 });
  screen.getByRole("button").dispatchEvent(event("pointerdown"));
  replace();
  screen.getByRole("button").dispatchEvent(event("pointerup"));
}

it("a press counts whose button is replaced between its two halves", async () => {
  serve(<Button>Connect wallet</Button>);
  const onClick = vi.fn();
  let hydrate = () => Promise.resolve();
  pressAcross(() => {
    document.body.innerHTML = "";
    hydrate = serve(<Button onClick={onClick}>Connect wallet</Button>);
  });
  await hydrate();
  await later();
  expect(onClick).toHaveBeenCalledOnce();
});

it("a press is forgotten after a while, so that no control of its name that comes much later is pressed", async () => {
  vi.useFakeTimers();
  const onLate = vi.fn();
  const hydrate = serve(<Button onClick={onLate}>Connect wallet</Button>);
  screen.getByRole("button").click();
  expect(screen.getByRole("button")).toHaveAttribute("data-pressed");
  vi.advanceTimersByTime(PRESS_KEPT_MS);
  expect(screen.getByRole("button")).not.toHaveAttribute("data-pressed");
  vi.useRealTimers();
  await hydrate();
  await later();
  expect(onLate).not.toHaveBeenCalled();
});

it("a touch is left to the browser, which clicks what has come in its place", async () => {
  const onClick = vi.fn();
  await serve(<Button onClick={onClick}>Connect wallet</Button>)();
  const ready = document.body.firstElementChild ?? "";
  document.body.innerHTML = "";
  serve(<Button>Connect wallet</Button>);
  pressAcross(() => document.body.replaceChildren(ready), "touch");
  expect(onClick).not.toHaveBeenCalled();
});

it("it counts at once where the button in its place is ready, and not for a button of another name", async () => {
  const [onClick, onOther] = [vi.fn(), vi.fn()];
  await serve(<Button onClick={onClick}>Connect wallet</Button>)();
  const ready = document.body.firstElementChild ?? "";
  document.body.innerHTML = "";
  serve(<Button>Connect wallet</Button>);
  pressAcross(() => document.body.replaceChildren(ready));
  expect(onClick).toHaveBeenCalledOnce();
  document.body.innerHTML = "";
  serve(<Button>Connect wallet</Button>);
  pressAcross(() => {
    document.body.innerHTML = "";
    serve(<Button onClick={onOther}>Disconnect wallet</Button>);
  });
  await later();
  expect(window.earlyPresses?.size).toBe(0);
});

it.each([
  ["while the page arrives, counts for the one in its place", "loading", 1],
  ["later does not: it may be a row that another one has followed", "complete", 0],
] as const)("a press of a ready button that is replaced %s", async (_what, readyState, times) => {
  vi.spyOn(document, "readyState", "get").mockReturnValue(readyState);
  const onClick = vi.fn();
  await serve(<Button onClick={onClick}>Connect wallet</Button>)();
  const next = document.body.firstElementChild ?? "";
  document.body.innerHTML = "";
  await serve(<Button>Connect wallet</Button>)();
  pressAcross(() => document.body.replaceChildren(next));
  expect(onClick).toHaveBeenCalledTimes(times);
});

it("a press of a form without an address is kept instead of loading the page again; one with an address is sent", async () => {
  const sent = vi.fn((event: Event) => event.preventDefault());
  document.addEventListener("submit", sent);
  const onSubmit = vi.fn();
  const hydrate = serve(
    <>
      <form onSubmit={onSubmit}>
        <Button type="submit">Continue</Button>
      </form>
      <form method="post" action="/auth/sign-in">
        <Button type="submit">Sign in</Button>
      </form>
    </>,
  );
  screen.getByRole("button", { name: "Continue" }).click();
  expect(sent).not.toHaveBeenCalled();
  screen.getByRole("button", { name: "Sign in" }).click();
  expect(sent).toHaveBeenCalledOnce();
  await hydrate();
  await later();
  expect(onSubmit).toHaveBeenCalledOnce();
  document.removeEventListener("submit", sent);
});

it("a menu whose button was pressed early opens", async () => {
  const hydrate = serve(
    <Menu trigger={<button type="button">Colours</button>}>
      <MenuItem onSelect={vi.fn()}>Dark</MenuItem>
    </Menu>,
  );
  screen.getByRole("button", { name: "Colours" }).click();
  await hydrate();
  expect(await screen.findByRole("menuitem", { name: "Dark" })).toBeInTheDocument();
});
