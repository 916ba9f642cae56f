import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { KeptFocus } from "@/components/connections/provider-read";

function page(shows: string) {
  return (
    <>
      <button>elsewhere</button>
      <KeptFocus shows={shows}>{shows === "button" ? <button>ask</button> : <p>answer</p>}</KeptFocus>
    </>
  );
}

it("the focus of a removed button moves to the content in its place", () => {
  const { rerender } = render(page("button"));
  screen.getByRole("button", { name: "ask" }).focus();
  rerender(page("answer"));
  expect(document.activeElement).toBe(screen.getByText("answer").parentElement);
});

it("the focus is not taken from another element, nor if nothing has changed", () => {
  const { rerender } = render(page("button"));
  rerender(page("button"));
  expect(document.body).toHaveFocus();
  screen.getByRole("button", { name: "elsewhere" }).focus();
  rerender(page("answer"));
  expect(screen.getByRole("button", { name: "elsewhere" })).toHaveFocus();
});
