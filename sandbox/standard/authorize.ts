import { seeOther } from "../http/answer";
import type { Answer } from "../http/answer";
import { formBody } from "../http/form-body";
import { isFromForeignPage } from "../http/request-origin";
import type { SandboxRequest } from "../http/sandbox-request";
import { redirectToApp } from "../oauth/redirect-to-app";
import { messagePage } from "../pages/message-page";
import { checkAuthorizeRequest } from "./authorize-request";
import type { AuthorizeRequest } from "./authorize-request";
import { consentPage } from "./consent-page";
import type { Provider } from "./provider";

/** The fields of the consent page that are the person's and not the app's. */
const DECISION_FIELDS = ["decision", "persona", "granted"];

/** GET of the authorize page: the consent page, or what is wrong with the request. */
export function showConsent(provider: Provider, request: SandboxRequest): Answer {
  return whenInOrder(provider, request.query, (authorize) =>
    consentPage(provider.spec, request.path, request.query, authorize),
  );
}

/** POST of the authorize page: the decision. The request travels in the form and is checked again from the start. */
export function decideConsent(provider: Provider, request: SandboxRequest): Answer {
  // Another site must not be able to press "Approve" for the person who sits here.
  if (isFromForeignPage(request.headers))
    return errorPage(provider, 403, "The decision came from another site's page.");
  const form = formBody(request);
  const asked = new URLSearchParams([...form].filter(([name]) => !DECISION_FIELDS.includes(name)));
  return whenInOrder(provider, asked, (authorize) => decide(provider, request, authorize, form));
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
  if (decision !== "approve" || !account) return errorPage(provider, 400, "The form named no decision or no account.");
  request.notes.persona = account.id;
  // Without the page's boxes, as programs send the form, everything that was asked for is granted.
  const granted = provider.spec.partialScopes && form.has("granted") ? form.getAll("granted") : scopes;
  const scope = scopes.filter((name) => granted.includes(name)).join(" ");
  const approved = { personaId: account.id, redirectUri, codeChallenge, ...(scope !== "" && { scope }) };
  return backToApp(provider, redirectUri, { code: provider.grants.issueCode(approved), state });
}

function whenInOrder(provider: Provider, params: URLSearchParams, next: (request: AuthorizeRequest) => Answer): Answer {
  const check = checkAuthorizeRequest(params, provider.client, provider.spec);
  switch (check.kind) {
    case "untrusted":
      return errorPage(provider, 400, check.problem);
    case "refused": {
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

/** The redirect to the app; the state goes back unchanged, and the issuer names itself where it does that (RFC 9207). */
function backToApp({ habits }: Provider, redirectUri: string, parameters: Readonly<Record<string, string>>): Answer {
  const answer = { ...parameters, ...(habits.iss !== undefined && { iss: habits.iss }) };
  return seeOther(redirectToApp(redirectUri, answer));
}

function errorPage({ spec }: Provider, status: number, text: string): Answer {
  return messagePage(status, "This request cannot go on", text, spec.name);
}
