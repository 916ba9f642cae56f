import { json } from "../http/answer";
import { AnswerError } from "../http/answer-error";

/** The types that OnceHub documents, by status. */
function typeOf(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "api_error";
}

/** The body of an error, as OnceHub words it. */
export function onceHubErrorBody(status: number, message = "sandbox fault", param?: string): object {
  return { type: typeOf(status), message, ...(param !== undefined && { param }) };
}

/** Thrown by the API; becomes an answer in OnceHub's form. Its 401 has no challenge. */
export class OnceHubError extends AnswerError {
  constructor(status: number, message: string, param?: string) {
    super(message, json(onceHubErrorBody(status, message, param), status));
    this.name = "OnceHubError";
  }
}
