import type { Answer } from "../http/answer";
import { html } from "../pages/html";
import type { Html } from "../pages/html";
import { pageAnswer } from "../pages/page-answer";
import type { AuthorizeRequest } from "./authorize-request";
import type { Account, ProviderSpec } from "./provider-spec";

/** The page on which a person chooses an account, and approves or denies. It works without JavaScript. */
export function consentPage(
  spec: ProviderSpec,
  path: string,
  asked: URLSearchParams,
  { redirectUri, scopes }: AuthorizeRequest,
): Answer {
  const target = new URL(redirectUri).origin;
  const title = `Allow this app to use your ${spec.name} account?`;
  const body = html`<main class="column">
    <form method="post" action="${path}">
      <header class="consent-head">
        <h1>${title}</h1>
        <p class="quiet"><b>${target}</b> asks for access. Choose who you are today, then decide.</p>
        ${scopes.length > 0 ? scopeList(spec, scopes) : undefined}
      </header>
      ${hiddenFields(asked)}
      <fieldset class="group">
        <legend>Account</legend>
        <div class="choices">${spec.accounts.map((account, index) => choiceMarkup(account, index === 0))}</div>
      </fieldset>
      <div class="decide">
        <button name="decision" value="deny">Deny</button>
        <button name="decision" value="approve" class="primary">Approve</button>
        <p class="to">Either way you go back to ${target}</p>
      </div>
    </form>
  </main>`;
  return pageAnswer({ title, standInFor: spec.name, body, formTargets: [target] });
}

function scopeList(spec: ProviderSpec, scopes: readonly string[]): Html {
  if (!spec.partialScopes) {
    return html`<ul class="scopes">
      ${scopes.map((scope) => html`<li>${spec.scopes[scope]}</li>`)}
    </ul>`;
  }
  // The empty one says that there were boxes, and that each of them may be left empty.
  return html`<fieldset class="scopes">
    <legend class="unseen">What the app may do</legend>
    <input type="hidden" name="granted" value="" />
    ${scopes.map(
      (scope) =>
        html`<label class="scope"
          ><input type="checkbox" name="granted" value="${scope}" checked /> ${spec.scopes[scope]}</label
        >`,
    )}
  </fieldset>`;
}

function hiddenFields(asked: URLSearchParams): readonly Html[] {
  return [...asked].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`);
}

function choiceMarkup(account: Account, chosen: boolean): Html {
  const checked = chosen ? html` checked` : undefined;
  return html`<label class="choice"
    ><input type="radio" name="persona" value="${account.id}" required${checked} />
    <span><b>${account.name}</b><small>${account.description}</small></span></label
  >`;
}
