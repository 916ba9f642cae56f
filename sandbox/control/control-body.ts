import { refuseOtherFields } from "../http/fields";
import { jsonBody } from "../http/json-body";
import type { JsonObject } from "../http/json-body";
import type { SandboxRequest } from "../http/sandbox-request";

/**
 * The JSON object of a control call, with no fields but these; an empty body counts as `{}`. The content type must be
 * JSON even then: it is what a form on another site cannot send without a preflight.
 */
export function controlBody(request: SandboxRequest, fields: readonly string[]): JsonObject {
  const body = jsonBody(request.body === "" ? { ...request, body: "{}" } : request);
  refuseOtherFields(body, fields);
  return body;
}
