import type { Answer } from "../../http/answer";
import { html } from "../../pages/html";
import { pageAnswer } from "../../pages/page-answer";

/** Stands where Echo's face check is. Pressing the button makes the pre-purchase check of that entity pass. */
export function livenessPage(checkId: string, done: boolean): Answer {
  const title = done ? "Thank you, you are alive" : "Here Echo would look at your face";
  const next = done
    ? html`<p class="quiet">Go back to the app and check again. You can close this tab.</p>`
    : html`<p class="quiet">In the sandbox your word is enough.</p>
        <form method="post" action="/liveness/${checkId}"><button class="primary">I am here</button></form>`;
  const body = html`<main class="column">
    <div class="card stack">
      <h1>${title}</h1>
      ${next}
    </div>
  </main>`;
  return pageAnswer({ title, body });
}
