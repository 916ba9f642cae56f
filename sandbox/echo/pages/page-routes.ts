import { seeOther } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { isFromForeignPage } from "../../http/request-origin";
import type { Route } from "../../http/router";
import type { SandboxRequest } from "../../http/sandbox-request";
import { SANDBOX_SALE_UUID } from "../../constants";
import type { Echo } from "../echo";
import { PERSONAS } from "../personas/all-personas";
import { decideConsent, showConsent } from "./authorize";
import { hostedSetupPage } from "./hosted-setup-page";
import { livenessPage } from "./liveness-page";
import { messagePage } from "../../pages/message-page";

/** The pages that Echo's frontend host has: consent, hosted setup, face check. */
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

/** The entity named in the path, if it is one that has a face check. */
function checkedEntity(request: SandboxRequest): string | undefined {
  const checked = PERSONAS.flatMap((persona) => persona.entities).filter(
    ({ terms }) => terms.failureReason === "requires-liveness",
  );
  return checked.find(({ details }) => details.EntityID === request.params["entity"])?.details.EntityID;
}

function nothingHere(): Answer {
  return messagePage(404, "There is nothing here", "The address names no sale and no check of the sandbox.");
}
