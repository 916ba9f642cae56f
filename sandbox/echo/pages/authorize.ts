import { seeOther } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { formBody } from "../../http/form-body";
import { isFromForeignPage } from "../../http/request-origin";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { checkAuthorizeRequest, codeRedirect, errorRedirect } from "../oauth/authorize-request";
import type { AuthorizeRequest } from "../oauth/authorize-request";
import { findPersona, PERSONAS } from "../personas/all-personas";
import { consentPage } from "./consent-page";
import { messagePage } from "../../pages/message-page";

/** GET /oauth/authorize: the consent page, or what is wrong with the request (sonar.md 1.2). */
export function showConsent(echo: Echo, request: SandboxRequest): Answer {
  return whenInOrder(echo, request.query, (authorize) => consentPage(authorize, PERSONAS));
}

/** POST /oauth/authorize: the decision. The request travels in the form and is checked again from the start. */
export function decideConsent(echo: Echo, request: SandboxRequest): Answer {
  // Another site must not be able to press "Approve" for the person who sits here.
  if (isFromForeignPage(request.headers))
    return errorPage(403, "The decision did not come from the sandbox's own page.");
  const form = formBody(request);
  return whenInOrder(echo, form, (authorize) => decide(echo, request, authorize, form));
}

function decide(echo: Echo, request: SandboxRequest, authorize: AuthorizeRequest, form: URLSearchParams): Answer {
  const { redirectUri, state, codeChallenge } = authorize;
  const decision = form.get("decision");
  if (decision === "deny") {
    return seeOther(errorRedirect(redirectUri, state, "access_denied", "the user did not give access"));
  }
  const persona = findPersona(form.get("persona") ?? "");
  if (decision !== "approve" || !persona) return errorPage(400, "The form named no decision or no persona.");
  request.notes.persona = persona.id;
  return seeOther(
    codeRedirect(authorize, echo.grants.issueCode({ personaId: persona.id, redirectUri, codeChallenge })),
  );
}

function whenInOrder(echo: Echo, params: URLSearchParams, next: (request: AuthorizeRequest) => Answer): Answer {
  const check = checkAuthorizeRequest(params, echo.client);
  switch (check.kind) {
    case "untrusted":
      return errorPage(400, check.problem);
    case "refused":
      return seeOther(check.redirectTo);
    case "accepted":
      return next(check.request);
  }
}

function errorPage(status: number, text: string): Answer {
  return messagePage(status, "This request cannot go on", text);
}
