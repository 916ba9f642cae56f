import { ApiError } from "./api-error";
import type { SandboxRequest } from "./sandbox-request";

/** A JSON object from outside, not yet looked into. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The request's JSON object. Throws ApiError: 415 for another content type, 400 for anything but an object. */
export function jsonBody(request: SandboxRequest): JsonObject {
  requireContentType(request, "application/json");
  const value = parseJson(request.body);
  if (!isJsonObject(value)) throw new ApiError("invalid_argument", "request body must be a JSON object");
  return value;
}

/** True for a JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Throws ApiError 415 unless the media type is exactly this one; parameters such as charset are allowed. */
export function requireContentType(request: SandboxRequest, wanted: string): void {
  const mediaType = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (mediaType !== wanted) {
    throw new ApiError("invalid_argument", `content-type must be ${wanted}`, { status: 415 });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("invalid_argument", "request body is not JSON");
  }
}
