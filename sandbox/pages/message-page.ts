import type { Answer } from "../http/answer";
import { html } from "./html";
import { pageAnswer } from "./page-answer";

/** A page that says one thing and offers nothing to press. */
export function messagePage(status: number, title: string, text: string, standInFor?: string): Answer {
  const body = html`<main class="column">
    <div class="card stack">
      <h1>${title}</h1>
      <p class="quiet">${text}</p>
    </div>
  </main>`;
  return pageAnswer({ title, status, body, ...(standInFor !== undefined && { standInFor }) });
}
