// Runs in every page before its own scripts, and notes when a person could first see or use what the measurement waits for.

const ENTITY = "Ada Lovelace";

window.seen = {};

function note(name, isThere) {
  if (isThere) window.seen[name] ??= performance.timeOrigin + performance.now();
}

function isHydrated(element) {
  return Object.keys(element).some((key) => key.startsWith("__reactProps$"));
}

function look() {
  const names = [...document.querySelectorAll("bdi")].filter(({ textContent }) => textContent.includes(ENTITY));
  const button = [...document.querySelectorAll("main button")].find((one) => one.checkVisibility());
  note(
    "entity",
    names.some((name) => name.checkVisibility()),
  );
  note("button", button !== undefined);
  note("workingButton", button !== undefined && isHydrated(button));
}

// A timer and no animation frame: a busy page has few of those.
setInterval(look, 4);

// The sandbox's consent page, on which a person would think.
addEventListener("DOMContentLoaded", () => {
  document.querySelector('button[name="decision"][value="approve"]')?.click();
});
