import { seeOther, type Answer } from "../http/answer";
import { isFromForeignPage, formBody, type SandboxRequest } from "../http/request";
import type { Route } from "../http/router";
import { SANDBOX_SALE_UUID } from "../../lib/config/sandbox";
import { consentPage, type AuthorizeRequest } from "./consent-page";
import type { Echo } from "./echo";
import { PERSONAS } from "./personas/all-personas";
import { findVisitor, newVisitor, type Visitor } from "./visitor";
import { messagePage, pageAnswer } from "../pages/page";
import { html } from "../pages/html";
import {
  answerTarget,
  clientProblem,
  requestProblem,
  redirectToApp,
  type RequestProblem,
  type RegisteredClient,
} from "../oauth/registered-client";
import { isCodeChallenge } from "../oauth/secrets";
import { ownPersona } from "./personas/persona";

/** The pages of Echo's frontend host: consent, hosted setup, face check. */
export function pageRoutes(echo: Echo): Route[] {
  const page = (method: Route["method"], path: string, handle: Route["handle"]): Route => {
    return { method, path, area: "page", handle };
  };
  return [
    page("GET", "/oauth/authorize", (request) => showConsent(echo, request)),
    page("POST", "/oauth/authorize", (request) => decideConsent(echo, request)),
    page("GET", "/sonar/:sale", showHostedSetup),
    page("GET", "/sonar/:sale/home", showHostedSetup),
    page("GET", "/liveness/:entity", (request) => showLiveness(echo, request)),
    page("POST", "/liveness/:entity", (request) => passLiveness(echo, request)),
  ];
}

/** A page's path for browsers. Without an origin, because several names lead to this machine. */
function pathAt({ pagesUrl }: Echo, path: string): string {
  return new URL(pagesUrl).pathname.replace(/\/$/, "") + path;
}

function showHostedSetup(request: SandboxRequest): Answer {
  return request.params["sale"]?.toLowerCase() === SANDBOX_SALE_UUID ? hostedSetupPage() : nothingHere();
}

function showLiveness(echo: Echo, request: SandboxRequest): Answer {
  const entity = checkedEntity(echo, request);
  return entity === undefined ? nothingHere() : livenessPage(echo, entity);
}

function passLiveness(echo: Echo, request: SandboxRequest): Answer {
  const entity = checkedEntity(echo, request);
  if (entity === undefined || isFromForeignPage(request.headers)) return nothingHere();
  echo.purchases.passLiveness(entity);
  return seeOther(pathAt(echo, `/liveness/${entity}`));
}

/** The entity in the path, if it needs a face check; in a demo, only if it is the visitor's own. */
function checkedEntity(echo: Echo, request: SandboxRequest): string | undefined {
  const visitor = echo.demo && findVisitor(request.headers);
  if (echo.demo && !visitor) return undefined;
  const personas = visitor ? PERSONAS.map((persona) => ownPersona(persona, visitor.key)) : PERSONAS;
  const checked = personas
    .flatMap((persona) => persona.entities)
    .filter(({ terms }) => terms.failureReason === "requires-liveness");
  return checked.find(({ details }) => details.EntityID === request.params["entity"])?.details.EntityID;
}

function nothingHere(): Answer {
  return messagePage(404, "Page not found", "The sandbox has no sale and no face check at this address.");
}

/** Stands in for Echo's face check. Its button makes the pre-purchase check of that entity pass. */
function livenessPage(echo: Echo, checkId: string): Answer {
  const done = echo.purchases.hasPassedLiveness(checkId);
  const title = done ? "Face check passed" : "Echo's face check";
  const next = done
    ? html`<p class="quiet">Return to the app and check again. You can close this tab.</p>`
    : html`<p class="quiet">Echo checks your face here. In the sandbox, pressing the button is enough.</p>
        <form method="post" action="${pathAt(echo, `/liveness/${checkId}`)}">
          <button class="primary">Pass the check</button>
        </form>`;
  const body = html`<main class="column">
    <div class="card stack">
      <h1>${title}</h1>
      ${next}
    </div>
  </main>`;
  return pageAnswer({ title, body });
}

/** Stands in for Echo's hosted setup, which apps link to for entities that are not verified yet. */
function hostedSetupPage(): Answer {
  const title = "Echo's verification";
  const body = html`<main class="column">
    <div class="card stack">
      <h1>${title}</h1>
      <p>On Echo's site you verify your identity here, answer this sale's questions and link wallets.</p>
      <p class="quiet">
        In the sandbox a persona never changes. To see another state, disconnect in the app, connect again and choose
        another persona.
      </p>
      <p class="quiet">You can close this tab.</p>
    </div>
  </main>`;
  return pageAnswer({ title, body });
}

/** GET /oauth/authorize: the consent page or an error page (sonar.md 1.2). After a scenario, its persona's consent. */
function showConsent(echo: Echo, request: SandboxRequest): Answer {
  return withValidRequest(echo, request.query, (authorize) => {
    const personaId = echo.nextConsent.take();
    if (personaId !== undefined) return giveConsent(echo, request, authorize, { personaId });
    return withVisitor(echo, request, () =>
      consentPage(authorize, {
        action: pathAt(echo, "/oauth/authorize"),
        demo: echo.demo !== undefined,
        kind: echo.anchor.kind,
      }),
    );
  });
}

/** POST /oauth/authorize: the decision. The form repeats the request, which is checked again. */
function decideConsent(echo: Echo, request: SandboxRequest): Answer {
  // No other site may press "Approve" in the person's place.
  if (isFromForeignPage(request.headers)) return errorPage(403, "The decision came from a page of another site.");
  const form = formBody(request);
  return withValidRequest(echo, form, (authorize) => {
    return withVisitor(echo, request, (visitor) => decide(echo, request, { authorize, form, visitor }));
  });
}

/** In a demo, names the browser that asks, and makes it known for the next time. */
function withVisitor(
  { demo, pagesUrl }: Echo,
  request: SandboxRequest,
  next: (visitor: Visitor | undefined) => Answer,
): Answer {
  if (!demo) return next(undefined);
  const visitor = findVisitor(request.headers) ?? newVisitor();
  const answer = next(visitor);
  return { ...answer, headers: { ...answer.headers, "set-cookie": visitor.cookie(pagesUrl) } };
}

interface Decision {
  authorize: AuthorizeRequest;
  form: URLSearchParams;
  /** Absent outside a demo. */
  visitor: Visitor | undefined;
}

function decide(echo: Echo, request: SandboxRequest, { authorize, form, visitor }: Decision): Answer {
  const { redirectUri, state } = authorize;
  const decision = form.get("decision");
  if (decision === "deny") {
    return seeOther(errorRedirect(redirectUri, state, "access_denied", "the user denied access"));
  }
  const persona = PERSONAS.find(({ id }) => id === form.get("persona"));
  if (decision !== "approve" || !persona) return errorPage(400, "The form contains no decision or no persona.");
  // Without room, a grant would end the oldest one, which is another visitor's.
  if (echo.demo && !echo.grants.hasRoom(visitor?.key))
    return errorPage(503, "The demo has no room for more visitors. Try again later.");
  // A visitor has one connection, so that connecting again and again takes no room from others.
  const owned = visitor
    ? { personaId: ownPersona(persona, visitor.key).id, owner: visitor.key }
    : { personaId: persona.id };
  return giveConsent(echo, request, authorize, owned);
}

/** Sends the browser back with a code. */
function giveConsent(
  { grants }: Echo,
  request: SandboxRequest,
  authorize: AuthorizeRequest,
  grant: { personaId: string; owner?: string },
): Answer {
  request.notes.persona = grant.personaId.split("@")[0];
  const { redirectUri, codeChallenge } = authorize;
  return seeOther(codeRedirect(authorize, grants.issueCode({ ...grant, redirectUri, codeChallenge })));
}

function withValidRequest(echo: Echo, params: URLSearchParams, next: (request: AuthorizeRequest) => Answer): Answer {
  const check = checkAuthorizeRequest(params, echo.client);
  switch (check.kind) {
    case "untrusted":
      return errorPage(400, check.problem);
    case "rejected":
      return seeOther(check.redirectTo);
    case "accepted":
      return next(check.request);
  }
}

function errorPage(status: number, text: string): Answer {
  return messagePage(status, "This request cannot continue", text);
}

/** The result of the check. "untrusted" must never lead to a redirect (see `clientProblem`). */
export type AuthorizeCheck =
  | { kind: "accepted"; request: AuthorizeRequest }
  | { kind: "rejected"; redirectTo: string }
  | { kind: "untrusted"; problem: string };

/** Checks the parameters of an authorize request (sonar.md 1.2, RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
function checkAuthorizeRequest(params: URLSearchParams, client: RegisteredClient): AuthorizeCheck {
  const untrusted = clientProblem(params, client);
  if (untrusted !== undefined) return { kind: "untrusted", problem: untrusted };
  const { redirectUri, state } = answerTarget(params);
  const problem = requestProblem(params) ?? challengeProblem(params);
  if (problem) return { kind: "rejected", redirectTo: errorRedirect(redirectUri, state, ...problem) };
  const codeChallenge = params.get("code_challenge") ?? "";
  return { kind: "accepted", request: { clientId: client.clientId, redirectUri, state, codeChallenge } };
}

function challengeProblem(params: URLSearchParams): RequestProblem | undefined {
  // Without a method, a challenge counts as S256 (RFC 7636 would read it as plain), because sonar-core sends no method.
  if ((params.get("code_challenge_method") ?? "S256") !== "S256") {
    return ["invalid_request", "code_challenge_method must be S256"];
  }
  if (!params.has("code_challenge")) return ["invalid_request", "code_challenge is missing"];
  if (!isCodeChallenge(params.get("code_challenge") ?? "")) {
    return ["invalid_request", "code_challenge must be 43 characters of base64url"];
  }
  return undefined;
}

/** The redirect with an error for the app and the unchanged state (RFC 6749 section 4.1.2.1). */
function errorRedirect(redirectUri: string, state: string, error: string, description: string): string {
  return redirectToApp(redirectUri, { error, error_description: description, ...(state !== "" && { state }) });
}

/** The redirect with the code for the app. */
function codeRedirect(request: AuthorizeRequest, code: string): string {
  return redirectToApp(request.redirectUri, { code, state: request.state });
}
