/**
 * The attribute of a control that does nothing, or can be replaced, before its script has run. Its server markup has it, and hydration removes it.
 * Its value names the control, if its text does not.
 */
export const WAITS = "data-waits";

/** The name under which this tab remembers the form that led away from the page, so that the next page knows the step it came by. */
export const STEP_STORAGE = "step";

/** A press counts for this long (milliseconds). */
export const PRESS_KEPT_MS = 20_000;

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
 * form without an address is not sent, because it would only load the page again. Browsers make no click of a mouse's press whose control is
 * replaced while it is held down (of a touch they do). Until the page has arrived, parts that stream in do that to controls that are ready, too:
 * the press counts for the control of the same name that has come there. A form with an address works without scripts; the next page of this tab
 * finds it in `window.arrivalStep`.
 */
export function recordEarlyPresses(waits: string, step: string, keptMs: number): void {
  const presses = (window.earlyPresses = new Map<Element, string>());
  const closest = (target: EventTarget | null, selector: string) =>
    target instanceof Element ? target.closest<HTMLElement>(selector) : null;
  const nameOf = (control: Element) => control.getAttribute(waits) || control.textContent;
  document.addEventListener(
    "click",
    (event) => {
      const control = closest(event.target, `[${waits}]`);
      if (!control) return;
      const form = control instanceof HTMLButtonElement && control.type === "submit" ? control.form : null;
      if (form?.hasAttribute("action")) return;
      if (form) event.preventDefault();
      presses.set(control, nameOf(control));
      control.setAttribute("data-pressed", "");
      // A control of the same name that comes much later is not what was pressed.
      setTimeout(() => {
        if (presses.delete(control)) control.removeAttribute("data-pressed");
      }, keptMs);
    },
    true,
  );
  let held: { control: Element; name: string } | undefined;
  const hold = ({ target, pointerType, button }: PointerEvent) => {
    const control = closest(target, document.readyState === "loading" ? `[${waits}], button` : `[${waits}]`);
    const isPress = pointerType === "mouse" && button === 0;
    held = control && isPress ? { control, name: nameOf(control) } : undefined;
  };
  const release = ({ target }: Event) => {
    const control = closest(target, `[${waits}], button`);
    if (held && !held.control.isConnected && control && nameOf(control) === held.name) control.click();
    held = undefined;
  };
  document.addEventListener("pointerdown", hold, true);
  document.addEventListener("pointerup", release, true);
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

/** The script's text. Its arguments are this module's own, so that nothing from outside is in it. */
export const EARLY_PRESSES_SCRIPT = `(${recordEarlyPresses.toString()})(...${JSON.stringify([WAITS, STEP_STORAGE, PRESS_KEPT_MS])})`;
