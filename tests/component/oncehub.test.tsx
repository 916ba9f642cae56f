import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { BookingsTable } from "@/components/connections/oncehub";

it.each([
  ["canceled", "Cancelled"],
  ["no_show", "No show"],
  ["a_new_one", "A new one"],
])("a booking that OnceHub calls %s is shown as %s", (status, words) => {
  render(<BookingsTable page={{ object: "list", data: [{ id: "BKNG-1", status }], has_more: false }} number={1} />);
  expect(screen.getByText(words)).toBeVisible();
});
