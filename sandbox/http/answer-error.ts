import type { Answer } from "./answer";

/** Thrown by handlers in place of returning: the answer that the client gets. */
export class AnswerError extends Error {
  constructor(
    message: string,
    readonly answer: Answer,
  ) {
    super(message);
    this.name = "AnswerError";
  }
}
