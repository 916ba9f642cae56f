import { requireContentType } from "./json-body";
import type { SandboxRequest } from "./sandbox-request";

/** The fields of a posted HTML form. Throws ApiError 415 for another content type. */
export function formBody(request: SandboxRequest): URLSearchParams {
  requireContentType(request, "application/x-www-form-urlencoded");
  return new URLSearchParams(request.body);
}
