import { json } from "../http/answer";
import { AnswerError } from "../http/answer-error";

/** Thrown by the token and revocation endpoints; becomes an answer of RFC 6749 section 5.2. */
export class OAuthError extends AnswerError {
  constructor(error: string, description: string, status = 400) {
    super(description, json({ error, error_description: description }, status));
    this.name = "OAuthError";
  }
}
