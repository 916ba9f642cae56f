/** Markup that is safe to put on a page: made by `html` only. */
export class Html {
  constructor(readonly markup: string) {}
}

type Value = string | number | Html | readonly Html[] | undefined;

/** Template tag: everything put in is escaped unless it is markup itself. */
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
