import { setTimeout as delay } from "node:timers/promises";
import type { SaleNow } from "../chain/sale-reader";
import { controlBody } from "../control/controls";
import { accountsFor } from "../echo/personas/accounts";
import type { Echo } from "../echo/echo";
import { ApiError, json, type Answer } from "../http/answer";
import { invalidField, optionalBoolean, optionalText, requireText } from "../http/fields";
import type { SandboxRequest } from "../http/request";
import { findPersona } from "../echo/personas/all-personas";
import { SCENARIOS } from "./all-scenarios";
import { runScenario } from "./run";

const LIST = SCENARIOS.map(({ name, title, sentence }) => ({ name, title, sentence }));

/** GET /sandbox/scenarios. */
export function listScenarios(): Answer {
  return json({ scenarios: LIST });
}

/** A page that asks must not wait for a chain that does not answer. */
const PATIENCE_MS = 500;

async function saleNow(echo: Echo): Promise<SaleNow | undefined> {
  const control = await echo.chain.control();
  const reading = control?.reader.now().catch(() => undefined);
  return Promise.race([reading, delay(PATIENCE_MS, undefined, { ref: false })]);
}

/**
 * GET /sandbox/app: what the app's pages show of the sandbox: the scenarios, the state of the sale, and the accounts of the test wallet; with
 * `?persona=` those that it offers to this one, and its name.
 */
export async function describeForApp(echo: Echo, { query }: SandboxRequest): Promise<Answer> {
  const persona = findPersona(query.get("persona") ?? "");
  const sale = await saleNow(echo);
  return json({
    ...(persona && { persona: { id: persona.id, name: persona.name } }),
    accounts: accountsFor(persona),
    scenarios: LIST,
    ...(sale && { sale }),
  });
}

/** Where this project's app takes its redirects: its origin has a page that opens a scenario. */
const CALLBACK = "/oauth/callback";

/** The origin of the app that a scenario opens: the one that is asked for, or the first that is registered. */
function appOrigin({ client }: Echo, asked: string | undefined): string | undefined {
  const apps = client.redirectUris
    .filter((uri) => new URL(uri).pathname === CALLBACK)
    .map((uri) => new URL(uri).origin);
  if (asked === undefined) return apps[0];
  if (!apps.includes(asked)) throw invalidField("app", "must be the origin of a registered redirect URI");
  return asked;
}

/**
 * POST /sandbox/scenarios/NAME: sets the sandbox to a scenario, and answers with what is now so. `app` is the origin of the app that `url` opens,
 * `persona` the id of another persona than the scenario's. With `keep`, sale and faults stay as they are. `url` is good for one press within a minute: whoever opens it is signed in.
 */
export async function startScenario(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const body = controlBody(request, ["app", "persona", "keep"]);
  const scenario = SCENARIOS.find(({ name }) => name === request.params["name"]);
  if (!scenario)
    throw new ApiError("not_found", `there is no such scenario (${SCENARIOS.map(({ name }) => name).join(", ")})`);
  const origin = appOrigin(echo, optionalText(body, "app"));
  const persona = optionalText(body, "persona");
  if (persona !== undefined && !findPersona(persona)) throw invalidField("persona", "is not the id of a persona");
  const state = await runScenario(echo, scenario, { as: persona, keep: optionalBoolean(body, "keep") });
  if (origin === undefined) return json(state);
  const url = `${origin}/sandbox/open?${new URLSearchParams({ ticket: echo.tickets.issue(state) }).toString()}`;
  return json({ ...state, url });
}

/** POST /sandbox/scenario-tickets `{ ticket }`: what the app needs to open a scenario, once. */
export function redeemTicket(echo: Echo, request: SandboxRequest): Answer {
  const state = echo.tickets.redeem(requireText(controlBody(request, ["ticket"]), "ticket"));
  if (!state) throw new ApiError("not_found", "the ticket is unknown, used or more than a minute old");
  return json(state);
}
