import type { PanelSection } from "../control/control-panel";
import { html } from "../pages/html";
import { SCENARIOS } from "./all-scenarios";

const MARKUP = html`<section class="card stack full" aria-labelledby="scenarios-title">
  <h2 id="scenarios-title">Scenarios</h2>
  <p class="small quiet">
    One press starts the chain anew, clears faults and log, and opens the app in that state, signed in as a new user.
  </p>
  <ul class="scenarios">
    ${SCENARIOS.map(
      ({ name, title, sentence }) =>
        html`<li>
          <button type="button" data-scenario="${name}" aria-label="${title}">
            ${title}<small>${sentence}</small>
          </button>
        </li>`,
    )}
  </ul>
</section>`;

/** Follows the panel's own script. */
const SCRIPT = `
for (const button of document.querySelectorAll("[data-scenario]")) {
  button.addEventListener("click", async () => {
    say("Setting the scenario.");
    try {
      const { now, url } = await call("POST", "scenarios/" + button.dataset.scenario, {});
      say(now);
      if (url) return location.assign(url);
    } catch (error) {
      say("Failed: " + error.message);
    }
    afterReset();
    await refresh();
  });
}
`;

/** The scenarios on Echo's panel. */
export const SCENARIO_SECTION: PanelSection = { markup: MARKUP, script: SCRIPT };
