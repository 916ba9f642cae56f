import { seeOther, type Answer } from "../../http/answer";
import { isFromForeignPage, type SandboxRequest } from "../../http/request";
import type { Route } from "../../http/router";
import { SANDBOX_SALE_UUID } from "../../../lib/config/sandbox";
import type { Echo } from "../echo";
import { PERSONAS } from "../personas/all-personas";
import { decideConsent, showConsent } from "./consent";
import { messagePage, pageAnswer } from "../../pages/page";
import { html } from "../../pages/html";

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

function showHostedSetup(request: SandboxRequest): Answer {
  return request.params["sale"]?.toLowerCase() === SANDBOX_SALE_UUID ? hostedSetupPage() : nothingHere();
}

function showLiveness(echo: Echo, request: SandboxRequest): Answer {
  const entity = checkedEntity(request);
  return entity === undefined ? nothingHere() : livenessPage(entity, echo.purchases.hasPassedLiveness(entity));
}

function passLiveness(echo: Echo, request: SandboxRequest): Answer {
  const entity = checkedEntity(request);
  if (entity === undefined || isFromForeignPage(request.headers)) return nothingHere();
  echo.purchases.passLiveness(entity);
  return seeOther(`/liveness/${entity}`);
}

/** The entity in the path, if it needs a face check. */
function checkedEntity(request: SandboxRequest): string | undefined {
  const checked = PERSONAS.flatMap((persona) => persona.entities).filter(
    ({ terms }) => terms.failureReason === "requires-liveness",
  );
  return checked.find(({ details }) => details.EntityID === request.params["entity"])?.details.EntityID;
}

function nothingHere(): Answer {
  return messagePage(404, "Page not found", "The sandbox has no sale and no face check at this address.");
}

/** Stands in for Echo's face check. Its button makes the pre-purchase check of that entity pass. */
function livenessPage(checkId: string, done: boolean): Answer {
  const title = done ? "Face check passed" : "Echo's face check";
  const next = done
    ? html`<p class="quiet">Return to the app and check again. You can close this tab.</p>`
    : html`<p class="quiet">Echo checks your face here. In the sandbox, pressing the button is enough.</p>
        <form method="post" action="/liveness/${checkId}"><button class="primary">Pass the check</button></form>`;
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
