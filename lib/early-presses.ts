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
  }
}

/**
 * Runs in the page before everything else, as text: it must need no other script. A press of a waiting control is kept for `useEarlyPress`, and a
 * form without an address is not sent, because it would only load the page again. A form with an address works without scripts.
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
  document.addEventListener("submit", ({ target }) => {
    const action = target instanceof HTMLFormElement ? target.getAttribute("action") : null;
    if (!action) return;
    try {
      sessionStorage.setItem(step, action);
    } catch {
      // Without a storage, the next page does not know that it follows a step.
    }
  });
}

/** The script's text. Its two names are this module's own, so that nothing from outside is in it. */
export const EARLY_PRESSES_SCRIPT = `(${recordEarlyPresses.toString()})(${JSON.stringify(WAITS)}, ${JSON.stringify(STEP_STORAGE)})`;
