/**
 * The attribute of a control that does nothing, or can be replaced, before its script has run. Its server markup has it, and hydration removes it.
 * Its value names the control, if its text does not.
 */
export const WAITS = "data-waits";

/** The name under which this tab remembers the form that led away from the page, so that the next page knows the step it came by. */
export const STEP_STORAGE = "step";

declare global {
  interface Window {
    /** The controls that were pressed before their script ran, each with its name. */
    earlyPresses?: Map<Element, string>;
    /** The address of the form that led to this page; see `recordEarlyPresses`. */
    arrivalStep?: string;
  }
}

/**
 * Runs in the page before everything else, as text: it must need no other script. A press of a waiting control is kept for `useEarlyPress`, and a
 * form without an address is not sent, because it would only load the page again. A form with an address works without scripts; the next page
 * of this tab finds it in `window.arrivalStep`.
 */
export function recordEarlyPresses(waits: string, step: string): void {
  const presses = (window.earlyPresses = new Map<Element, string>());
  document.addEventListener(
    "click",
    (event) => {
      const control = event.target instanceof Element ? event.target.closest(`[${waits}]`) : null;
      if (!control) return;
      const form = control instanceof HTMLButtonElement && control.type === "submit" ? control.form : null;
      if (form?.hasAttribute("action")) return;
      if (form) event.preventDefault();
      presses.set(control, control.getAttribute(waits) || control.textContent);
      control.setAttribute("data-pressed", "");
    },
    true,
  );
  // Without a storage, the next page does not know that it follows a step.
  const withStorage = (access: (storage: Storage) => void) => {
    try {
      access(sessionStorage);
    } catch {}
  };
  document.addEventListener("submit", ({ target }) => {
    const action = target instanceof HTMLFormElement ? target.getAttribute("action") : null;
    if (action) withStorage((storage) => storage.setItem(step, action));
  });
  // It is forgotten at once, on every page: a later page follows no step.
  withStorage((storage) => {
    window.arrivalStep = storage.getItem(step) ?? undefined;
    storage.removeItem(step);
  });
}

/** The script's text. Its two names are this module's own, so that nothing from outside is in it. */
export const EARLY_PRESSES_SCRIPT = `(${recordEarlyPresses.toString()})(${JSON.stringify(WAITS)}, ${JSON.stringify(STEP_STORAGE)})`;
