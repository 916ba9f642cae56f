import { seeOther, type Answer } from "../http/answer";
import { formBody, isFromForeignPage, type SandboxRequest } from "../http/request";
import {
  redirectToApp,
  answerTarget,
  clientProblem,
  requestProblem,
  type RequestProblem,
  type RegisteredClient,
} from "../oauth/registered-client";
import { decisionButtons, messagePage, pageAnswer } from "../pages/page";
import type { Provider, ProviderSpec, Account } from "./provider";
import { isCodeChallenge } from "../oauth/secrets";
import { html, type Html } from "../pages/html";

/** The fields of the consent form that come from the person, not from the app. */
const DECISION_FIELDS = ["decision", "persona", "granted"];

/** GET of the authorize page: the consent page, or an error page. */
export function showConsent(provider: Provider, request: SandboxRequest): Answer {
  return withValidRequest(provider, request.query, (authorize) =>
    consentPage(provider.spec, request.path, request.query, authorize),
  );
}

/** POST of the authorize page: the decision. The form repeats the request, which is checked again. */
export function decideConsent(provider: Provider, request: SandboxRequest): Answer {
  // No other site may press "Approve" in the person's place.
  if (isFromForeignPage(request.headers))
    return errorPage(provider, 403, "The decision came from a page of another site.");
  const form = formBody(request);
  const asked = new URLSearchParams([...form].filter(([name]) => !DECISION_FIELDS.includes(name)));
  return withValidRequest(provider, asked, (authorize) => decide(provider, request, authorize, form));
}

function decide(
  provider: Provider,
  request: SandboxRequest,
  authorize: AuthorizeRequest,
  form: URLSearchParams,
): Answer {
  const { redirectUri, state, codeChallenge, scopes } = authorize;
  const decision = form.get("decision");
  if (decision === "deny") return backToApp(provider, redirectUri, { error: "access_denied", state });
  const account = provider.spec.accounts.find(({ id }) => id === form.get("persona"));
  if (decision !== "approve" || !account)
    return errorPage(provider, 400, "The form contains no decision or no account.");
  request.notes.persona = account.id;
  // A form without checkboxes, as programs send it, grants every requested scope.
  const granted = provider.spec.partialScopes && form.has("granted") ? form.getAll("granted") : scopes;
  const scope = scopes.filter((name) => granted.includes(name)).join(" ");
  const approved = { personaId: account.id, redirectUri, codeChallenge, ...(scope !== "" && { scope }) };
  return backToApp(provider, redirectUri, { code: provider.grants.issueCode(approved), state });
}

function withValidRequest(
  provider: Provider,
  params: URLSearchParams,
  next: (request: AuthorizeRequest) => Answer,
): Answer {
  const check = checkAuthorizeRequest(params, provider.client, provider.spec);
  switch (check.kind) {
    case "untrusted":
      return errorPage(provider, 400, check.problem);
    case "rejected": {
      const { redirectUri, state, error, description } = check;
      return backToApp(provider, redirectUri, {
        error,
        error_description: description,
        ...(state !== "" && { state }),
      });
    }
    case "accepted":
      return next(check.request);
  }
}

/** The redirect to the app with the unchanged state; a provider that names itself adds its issuer (RFC 9207). */
function backToApp({ quirks }: Provider, redirectUri: string, parameters: Readonly<Record<string, string>>): Answer {
  const answer = { ...parameters, ...(quirks.iss !== undefined && { iss: quirks.iss }) };
  return seeOther(redirectToApp(redirectUri, answer));
}

function errorPage({ spec }: Provider, status: number, text: string): Answer {
  return messagePage(status, "This request cannot continue", text, spec.name);
}

/** A valid authorize request. */
export interface AuthorizeRequest {
  redirectUri: string;
  state: string;
  /** Empty where the provider has no PKCE, or was asked without it. */
  codeChallenge: string;
  scopes: readonly string[];
}

/** The result of the check. "untrusted" must never lead to a redirect (see `clientProblem`). */
export type AuthorizeCheck =
  | { kind: "accepted"; request: AuthorizeRequest }
  | { kind: "rejected"; redirectUri: string; state: string; error: string; description: string }
  | { kind: "untrusted"; problem: string };

/** Checks the parameters of an authorize request (RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
function checkAuthorizeRequest(params: URLSearchParams, client: RegisteredClient, spec: ProviderSpec): AuthorizeCheck {
  const untrusted = clientProblem(params, client);
  if (untrusted !== undefined) return { kind: "untrusted", problem: untrusted };
  const { redirectUri, state } = answerTarget(params);
  const [error, description] = requestProblem(params) ?? scopeProblem(params, spec) ?? pkceProblem(params, spec) ?? [];
  if (error !== undefined) return { kind: "rejected", redirectUri, state, error, description: description ?? "" };
  const codeChallenge = spec.pkce === "none" ? "" : (params.get("code_challenge") ?? "");
  return { kind: "accepted", request: { redirectUri, state, codeChallenge, scopes: scopesOf(params) } };
}

function scopeProblem(params: URLSearchParams, { scopes }: ProviderSpec): RequestProblem | undefined {
  const unknown = scopesOf(params).find((scope) => !Object.hasOwn(scopes, scope));
  return unknown === undefined ? undefined : ["invalid_scope", `the scope ${unknown} is not known`];
}

function pkceProblem(params: URLSearchParams, { pkce }: ProviderSpec): RequestProblem | undefined {
  if (pkce === "none" || (pkce === "optional" && !params.has("code_challenge"))) return undefined;
  if (params.get("code_challenge_method") !== "S256") return ["invalid_request", "code_challenge_method must be S256"];
  const challenge = params.get("code_challenge") ?? "";
  return isCodeChallenge(challenge)
    ? undefined
    : ["invalid_request", "code_challenge must be 43 characters of base64url"];
}

function scopesOf(params: URLSearchParams): string[] {
  return (params.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
}

/** The page where a person chooses an account, then approves or denies. It works without JavaScript. */
function consentPage(
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
        <p class="quiet"><b>${target}</b> requests access. Choose a persona, then decide.</p>
        ${scopes.length > 0 ? scopeList(spec, scopes) : undefined}
      </header>
      ${hiddenFields(asked)}
      <fieldset class="group">
        <legend>Account</legend>
        <div class="choices">${spec.accounts.map((account, index) => choiceMarkup(account, index === 0))}</div>
      </fieldset>
      ${decisionButtons(target)}
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
  // The empty value marks a form with checkboxes, none of which has to be ticked.
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
