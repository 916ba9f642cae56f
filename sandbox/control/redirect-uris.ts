import { json } from "../http/answer";
import type { Answer } from "../http/answer";
import { invalidField } from "../http/fields";
import type { JsonObject } from "../http/json-body";
import type { SandboxRequest } from "../http/sandbox-request";
import { redirectUriProblem } from "../oauth/registered-client";
import type { RegisteredClient } from "../oauth/registered-client";
import { controlBody } from "./control-body";

const MAX_URIS = 50;

/** PUT /sandbox/redirect-uris `{ redirectUris }`: registers further ones, as the founder dashboard would. */
export function addRedirectUris({ client }: { client: RegisteredClient }, request: SandboxRequest): Answer {
  const uris = requireUris(controlBody(request, ["redirectUris"]));
  if (new Set([...client.redirectUris, ...uris]).size > MAX_URIS) {
    throw invalidField("redirectUris", `would exceed ${MAX_URIS} in all`);
  }
  client.addRedirectUris(uris);
  return json({ redirectUris: client.redirectUris });
}

function requireUris(body: JsonObject): string[] {
  const value = body["redirectUris"];
  if (!Array.isArray(value) || value.length === 0) throw invalidField("redirectUris", "must be a list of URLs");
  return value.map((uri: unknown, index) => {
    const field = `redirectUris[${index}]`;
    if (typeof uri !== "string") throw invalidField(field, "must be a string");
    const problem = redirectUriProblem(uri);
    if (problem !== undefined) throw invalidField(field, problem);
    return uri;
  });
}
