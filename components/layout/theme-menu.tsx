"use client";

import { useState } from "react";
import { SunMoon } from "lucide-react";
import { Menu, MenuChoice } from "@/components/ui/menu";
import { parseTheme, themeCookie, writeCookie, type Theme } from "@/lib/http/cookies";

const OPTIONS: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

function applyTheme(theme: Theme) {
  writeCookie(themeCookie(theme));
  document.documentElement.dataset.theme = theme;
}

/** The choice of colours. `initial` comes from the cookie. Without JavaScript, the system decides. */
export function ThemeMenu({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);

  function choose(value: string) {
    const chosen = parseTheme(value);
    setTheme(chosen);
    applyTheme(chosen);
  }

  const trigger = (
    <button
      type="button"
      aria-label="Colours"
      className="inline-grid size-9 cursor-pointer place-items-center rounded-md border border-transparent text-text-quiet hover:bg-surface-sunken hover:text-text noscript:hidden"
    >
      <SunMoon aria-hidden className="size-4" />
    </button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuChoice value={theme} onChange={choose} options={OPTIONS} />
    </Menu>
  );
}
