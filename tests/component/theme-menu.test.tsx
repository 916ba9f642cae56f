import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { ThemeMenu } from "@/components/layout/theme-menu";
import { parseTheme, THEME_COOKIE } from "@/lib/http/cookies";

afterEach(() => {
  document.cookie = `${THEME_COOKIE}=; Path=/; Max-Age=0`;
  delete document.documentElement.dataset.theme;
});

describe("ThemeMenu", () => {
  it("starts with the choice that the server read from the cookie", async () => {
    const user = userEvent.setup();
    render(<ThemeMenu initial="dark" />);
    await user.click(screen.getByRole("button", { name: "Colours" }));
    expect(screen.getByRole("menuitemradio", { checked: true })).toHaveTextContent("Dark");
  });

  it("applies a choice at once and remembers it for the server", async () => {
    const user = userEvent.setup();
    render(<ThemeMenu initial="system" />);
    await user.click(screen.getByRole("button", { name: "Colours" }));
    await user.click(screen.getByRole("menuitemradio", { name: "Light" }));
    expect(document.documentElement).toHaveAttribute("data-theme", "light");
    expect(document.cookie).toBe(`${THEME_COOKIE}=light`);
  });
});

describe("parseTheme", () => {
  it.each([
    ["light", "light"],
    ["dark", "dark"],
    ["system", "system"],
    [undefined, "system"],
    ['"><script>', "system"],
  ])("%s means %s", (value, theme) => {
    expect(parseTheme(value)).toBe(theme);
  });
});
