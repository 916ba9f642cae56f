import { randomUUID } from "node:crypto";
import { json, AnswerError, type Answer } from "../http/answer";
import { jsonBody, type SandboxRequest } from "../http/request";
import { callerOf, type Caller, type Provider, type ProviderOptions, type ProviderSpec } from "../standard/provider";
import { sandboxClient } from "../../lib/config/sandbox";
import { startProvider, type RunningProvider } from "../standard/serve";

/** The people with an account. */
const USERS: Readonly<Record<string, { id: string; name: string; email: string }>> = {
  ada: { id: "usr_1815", name: "Ada Lovelace", email: "ada@example.com" },
  grace: { id: "usr_1906", name: "Grace Hopper", email: "grace@example.com" },
};

/** The body of an error. */
function interactErrorBody(status: number, error = "sandbox_fault"): object {
  return { error, status };
}

/** Thrown by the API; has the challenge of RFC 6750 section 3 if the token is the cause. */
class InteractError extends AnswerError {
  constructor(status: number, error: string) {
    const challenge = { "www-authenticate": `Bearer error="${error}"` };
    const headers = status === 401 || status === 403 ? challenge : undefined;
    super(error, json(interactErrorBody(status, error), status, headers));
    this.name = "InteractError";
  }
}

function requireScope(provider: Provider, request: SandboxRequest, scope: string): Caller {
  const caller = callerOf(provider, request);
  if (!caller) throw new InteractError(401, "invalid_token");
  if (!caller.scopes.includes(scope)) throw new InteractError(403, "insufficient_scope");
  return caller;
}

/** GET /user. Throws InteractError. */
function readUser(provider: Provider, request: SandboxRequest): Answer {
  const { accountId } = requireScope(provider, request, "read_user");
  return json(USERS[accountId]);
}

/** POST /data: answers with the stored entry. Throws InteractError. */
function writeData(provider: Provider, request: SandboxRequest): Answer {
  requireScope(provider, request, "write_data");
  const { title, text } = jsonBody(request);
  if (typeof title !== "string" || typeof text !== "string" || title === "")
    throw new InteractError(400, "invalid_entry");
  const created = new Date(provider.now()).toISOString();
  return json({ id: `ent_${randomUUID().slice(0, 8)}`, title, text, created_at: created }, 201);
}

const SPEC: ProviderSpec = {
  id: "interact",
  name: "Interact",
  ...sandboxClient("interact"),
  authorizePath: "/oauth/authorize",
  tokenBodies: ["json", "form"],
  pkce: "optional",
  scopes: { read_user: "See your name and email address", write_data: "Store entries in your account" },
  partialScopes: true,
  accounts: Object.entries(USERS).map(([id, { name, email }]) => ({ id, name, description: email })),
  errorBody: (status) => interactErrorBody(status),
};

/** Starts Interact. Echo's guide names none of its endpoints, so the two calls are this app's own declaration. */
export function startInteract(options: ProviderOptions): Promise<RunningProvider> {
  return startProvider(SPEC, options, (provider) => [
    { method: "GET", path: "/user", area: "api", handle: (request) => readUser(provider, request) },
    { method: "POST", path: "/data", area: "api", handle: (request) => writeData(provider, request) },
  ]);
}
