import { ApiError } from "./answer";
import type { JsonObject } from "./request";

/** An ApiError 400 that names the invalid field in the message and in `details.field`. */
export function invalidField(field: string, problem: string): ApiError {
  return new ApiError("invalid_argument", `${field} ${problem}`, { details: { field } });
}

/** A non-empty text field. Throws ApiError 400 naming the field. */
export function requireText(body: JsonObject, field: string): string {
  const value = body[field];
  if (value === undefined) throw invalidField(field, "is required");
  if (typeof value !== "string") throw invalidField(field, "must be a string");
  if (value === "") throw invalidField(field, "must not be empty");
  return value;
}

/** A text field that may be absent, but neither null nor empty. */
export function optionalText(body: JsonObject, field: string): string | undefined {
  return body[field] === undefined ? undefined : requireText(body, field);
}

/** A whole number within inclusive bounds. Throws ApiError 400 naming the field. */
export function requireInteger(body: JsonObject, field: string, min: number, max: number): number {
  const value = body[field];
  if (value === undefined) throw invalidField(field, "is required");
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min || value > max) {
    throw invalidField(field, `must be a whole number from ${min} to ${max}`);
  }
  return value;
}

/** A whole number within inclusive bounds that may be absent. */
export function optionalInteger(body: JsonObject, field: string, min: number, max: number): number | undefined {
  return body[field] === undefined ? undefined : requireInteger(body, field, min, max);
}

/** Throws ApiError 400 for a field that is not in the list, so that no misspelt name passes silently. */
export function refuseOtherFields(body: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(body).find((field) => !known.includes(field));
  if (unknown !== undefined) throw invalidField(unknown, `is not known here (known: ${known.join(", ")})`);
}

/** A boolean. Throws ApiError 400 naming the field. */
export function requireBoolean(body: JsonObject, field: string): boolean {
  const value = optionalBoolean(body, field);
  if (value === undefined) throw invalidField(field, "is required");
  return value;
}

/** A boolean that may be absent. Throws ApiError 400 naming the field. */
export function optionalBoolean(body: JsonObject, field: string): boolean | undefined {
  const value = body[field];
  if (value !== undefined && typeof value !== "boolean") throw invalidField(field, "must be true or false");
  return value;
}
