import type { Answer } from "../../http/answer";
import { html } from "../../pages/html";
import type { Html } from "../../pages/html";
import { pageAnswer } from "../../pages/page-answer";
import type { AuthorizeRequest } from "../oauth/authorize-request";
import type { Persona } from "../personas/persona";

/** The page on which a person chooses who to be, and approves or denies. It works without JavaScript. */
export function consentPage(request: AuthorizeRequest, personas: readonly Persona[]): Answer {
  const target = new URL(request.redirectUri).origin;
  const body = html`<main class="column">
    <header class="consent-head">
      <h1>Allow this app to use your Sonar account?</h1>
      <p class="quiet"><b>${target}</b> asks for access. Choose who you are today, then decide.</p>
      <p class="quiet">
        A wallet stays with the first entity that commits with it: as another persona, take another account of the test
        wallet, or reset the chain on the <a href="/">sandbox's controls</a>.
      </p>
      <ul class="scopes">
        <li>See your entities <span>required</span></li>
        <li>Check your eligibility for this sale <span>required</span></li>
        <li>See your email address <span>optional</span></li>
      </ul>
    </header>
    <form method="post" action="/oauth/authorize">
      ${hiddenFields(request)} ${groupsOf(personas).map((group) => groupMarkup(group, personas))}
      <div class="decide">
        <button name="decision" value="deny">Deny</button>
        <button name="decision" value="approve" class="primary">Approve</button>
        <p class="to">Either way you go back to ${target}</p>
      </div>
    </form>
  </main>`;
  return pageAnswer({ title: "Allow access to your Sonar account?", body, formTargets: [target] });
}

function hiddenFields(request: AuthorizeRequest): readonly Html[] {
  const fields = {
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    response_type: "code",
    state: request.state,
    code_challenge: request.codeChallenge,
  };
  // No closing slash: programs that fill in the form find its fields by this exact text.
  // prettier-ignore
  return Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}

function groupsOf(personas: readonly Persona[]): string[] {
  return [...new Set(personas.map((persona) => persona.group))];
}

function groupMarkup(group: string, personas: readonly Persona[]): Html {
  const members = personas.filter((persona) => persona.group === group);
  return html`<fieldset class="group">
    <legend>${group}</legend>
    <div class="choices">${members.map((persona) => choiceMarkup(persona, persona === personas[0]))}</div>
  </fieldset>`;
}

function choiceMarkup(persona: Persona, chosen: boolean): Html {
  const checked = chosen ? html` checked` : undefined;
  return html`<label class="choice"
    ><input type="radio" name="persona" value="${persona.id}" required${checked} />
    <span><b>${persona.name}</b><small>${persona.description}</small></span></label
  >`;
}
