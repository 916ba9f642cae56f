import { html } from "./html";
import type { Html } from "./html";

/** A control under its label. */
export function field(label: string, control: Html, attributes?: Html): Html {
  return html`<label ${attributes}><span>${label}</span>${control}</label>`;
}

/** A choice of one. */
export function select(name: string, choices: readonly Html[]): Html {
  return html`<select name="${name}">
    ${choices}
  </select>`;
}

/** One of the choices. */
export function choice(value: string, text: string): Html {
  return html`<option value="${value}">${text}</option>`;
}

/** A number field; one without a value says what that means. */
export function number(name: string, min: number, max: number, value?: number): Html {
  return html`<input
    name="${name}"
    type="number"
    min="${min}"
    max="${max}"
    value="${value}"
    placeholder="${value === undefined ? "until cleared" : ""}"
  />`;
}
