/** Markup that is safe on a page. Only `html` makes it. */
export class Html {
  constructor(readonly markup: string) {}
}

type Value = string | number | Html | readonly Html[] | undefined;

/** Template tag that escapes every value which is not markup itself. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

/** Escapes text for element content and for attribute values in double or single quotes. */
function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

function render(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.markup;
  if (typeof value === "object") return value.map((item) => item.markup).join("");
  return escapeHtml(String(value));
}

/** A form control with its label above it. */
export function field(label: string, control: Html, attributes?: Html): Html {
  return html`<label ${attributes}><span>${label}</span>${control}</label>`;
}

/** A select element. */
export function select(name: string, choices: readonly Html[]): Html {
  return html`<select name="${name}">
    ${choices}
  </select>`;
}

/** One option of a select element. */
export function choice(value: string, text: string): Html {
  return html`<option value="${value}">${text}</option>`;
}

/** A number field; an empty one shows its meaning. */
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
