import type { Answer } from "../http/answer";
import { decisionButtons, pageAnswer } from "../pages/page";
import { html, type Html } from "../pages/html";
import { PERSONAS } from "./personas/all-personas";
import { expectedResult } from "./personas/expected-result";
import type { Persona } from "./personas/persona";
import type { SaleKind } from "./sale-anchor";

/** A valid authorize request. */
export interface AuthorizeRequest {
  clientId: string;
  redirectUri: string;
  state: string;
  codeChallenge: string;
}

/** The circumstances of a consent page. */
interface ConsentOptions {
  /** The path that the form is posted to. */
  action: string;
  /** Strangers share this sandbox, and it has no controls. */
  demo: boolean;
  kind: SaleKind;
}

/** The page where a person chooses a persona, then approves or denies. It works without JavaScript, which adds the search. */
export function consentPage(request: AuthorizeRequest, { action, demo, kind }: ConsentOptions): Answer {
  const target = new URL(request.redirectUri).origin;
  const groups = [...new Set(PERSONAS.map((persona) => persona.group))];
  const body = html`<main class="column">
    <header class="consent-head">
      <h1>Allow this app to use your Sonar account?</h1>
      <p class="quiet"><b>${target}</b> requests access. Choose a persona, then decide.</p>
      <p class="quiet">
        ${demo ? "A wallet belongs to the first entity that commits with it: as another persona, use another account." : html`Each persona has a wallet account of its own. What it finds can be changed in the <a href="/">sandbox controls</a>.`}
      </p>
      <ul class="scopes">
        <li>See your entities <span>required</span></li>
        <li>Check your eligibility for this sale <span>required</span></li>
        <li>See your email address <span>optional</span></li>
      </ul>
    </header>
    ${demo ? undefined : SEARCH}
    <form method="post" action="${action}">
      ${hiddenFields(request)} ${groups.map((group) => groupMarkup(group, kind))} ${decisionButtons(target)}
    </form>
  </main>`;
  const title = "Allow access to your Sonar account?";
  // A demo's pages come through the app, whose policy allows no script of theirs.
  return pageAnswer({ title, body, formTargets: [target], ...(!demo && { script: SEARCH_SCRIPT }) });
}

const SEARCH = html`<label id="search" class="search" hidden
    ><span>Search personas</span><input type="search" autocomplete="off" placeholder="Name, state or result"
  /></label>
  <p id="none" class="quiet" role="status" hidden>No persona matches.</p>`;

/** Filters the personas. One that is hidden is never chosen: the first match takes its place. */
const SEARCH_SCRIPT = `
"use strict";
const search = document.getElementById("search");
const choices = [...document.querySelectorAll(".choice")];
search.hidden = false;
search.querySelector("input").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const choice of choices) {
    const text = choice.textContent.toLowerCase() + " " + choice.closest("fieldset").querySelector("legend").textContent.toLowerCase();
    choice.hidden = !words.every((word) => text.includes(word));
  }
  for (const group of document.querySelectorAll("fieldset.group")) group.hidden = !group.querySelector(".choice:not([hidden])");
  const shown = choices.filter((choice) => !choice.hidden);
  document.getElementById("none").hidden = shown.length > 0;
  const radio = shown.find((choice) => choice.querySelector("input").checked) || shown[0];
  if (radio) radio.querySelector("input").checked = true;
});
`;

function hiddenFields(request: AuthorizeRequest): readonly Html[] {
  const fields = {
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    response_type: "code",
    state: request.state,
    code_challenge: request.codeChallenge,
  };
  // There is no closing slash because programs that fill in the form find its fields by this exact text.
  // prettier-ignore
  return Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}

function groupMarkup(group: string, kind: SaleKind): Html {
  const members = PERSONAS.filter((persona) => persona.group === group);
  return html`<fieldset class="group">
    <legend>${group}</legend>
    <div class="choices">${members.map((persona) => choiceMarkup(persona, kind))}</div>
  </fieldset>`;
}

function choiceMarkup(persona: Persona, kind: SaleKind): Html {
  const { ready, sentence } = expectedResult(persona, kind);
  // The first one, so that one press is enough.
  const checked = persona === PERSONAS[0] ? html` checked` : undefined;
  return html`<label class="choice"
    ><input type="radio" name="persona" value="${persona.id}" required${checked} />
    <span
      ><b>${persona.name}</b><small>${persona.description}</small
      ><small class="${ready ? "ok" : "bad"}">${sentence}</small></span
    ></label
  >`;
}
