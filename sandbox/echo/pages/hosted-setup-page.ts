import type { Answer } from "../../http/answer";
import { html } from "../../pages/html";
import { pageAnswer } from "../../pages/page-answer";

/** Stands where Echo's hosted setup is: apps link to it for entities that are not verified yet. */
export function hostedSetupPage(): Answer {
  const title = "Here Echo would guide you through verification";
  const body = html`<main class="column">
    <div class="card stack">
      <h1>${title}</h1>
      <p>On the real site you would prove who you are, answer the questions this sale asks, and link wallets.</p>
      <p class="quiet">
        In the sandbox every persona stays as it is. To see another state, disconnect in the app, connect again and
        choose another persona.
      </p>
      <p class="quiet">You can close this tab.</p>
    </div>
  </main>`;
  return pageAnswer({ title, body });
}
