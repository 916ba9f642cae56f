import { ApiError } from "./api-error";
import type { JsonObject } from "./json-body";

/** An ApiError 400 that names the field at fault, in the message and in `details.field`. */
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

/** A text field that may be left out, but not be null or empty. */
export function optionalText(body: JsonObject, field: string): string | undefined {
  return body[field] === undefined ? undefined : requireText(body, field);
}

/** A whole number within bounds, both included. Throws ApiError 400 naming the field. */
export function requireInteger(body: JsonObject, field: string, min: number, max: number): number {
  const value = body[field];
  if (value === undefined) throw invalidField(field, "is required");
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min || value > max) {
    throw invalidField(field, `must be a whole number from ${min} to ${max}`);
  }
  return value;
}

/** A whole number within bounds that may be left out. */
export function optionalInteger(body: JsonObject, field: string, min: number, max: number): number | undefined {
  return body[field] === undefined ? undefined : requireInteger(body, field, min, max);
}

/** Throws ApiError 400 for a field that is not in the list: in a control call a misspelt name must not pass silently. */
export function refuseOtherFields(body: JsonObject, known: readonly string[]): void {
  const stranger = Object.keys(body).find((field) => !known.includes(field));
  if (stranger !== undefined) throw invalidField(stranger, `is not known here (known: ${known.join(", ")})`);
}

/** A boolean. Throws ApiError 400 naming the field. */
export function requireBoolean(body: JsonObject, field: string): boolean {
  const value = optionalBoolean(body, field);
  if (value === undefined) throw invalidField(field, "is required");
  return value;
}

/** A boolean that may be left out. Throws ApiError 400 naming the field. */
export function optionalBoolean(body: JsonObject, field: string): boolean | undefined {
  const value = body[field];
  if (value !== undefined && typeof value !== "boolean") throw invalidField(field, "must be true or false");
  return value;
}
