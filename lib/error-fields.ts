import "server-only";

/** What may be logged of an error that nobody expected. */
export interface ErrorFields {
  /** Class name. */
  errorName: string;
  /** Of the error or its cause, e.g. a SQLSTATE, `SQLITE_BUSY` or `ECONNRESET`. */
  errorCode?: string;
  /** Where it came from, the innermost call first. */
  frames?: readonly string[];
}

const MOST_FRAMES = 12;

function codeOf(error: Error): string | undefined {
  const code = "code" in error ? error.code : undefined;
  // A code is a short name; anything else in that place could be data.
  if (typeof code === "string" && /^\w{1,40}$/.test(code)) return code;
  return error.cause instanceof Error ? codeOf(error.cause) : undefined;
}

/** A stack begins with the message, of which lines can look like frames: it goes first. */
function framesOf({ stack = "", message }: Error): readonly string[] {
  const lines = stack.replace(message, "").split("\n");
  const frames = lines.filter((line) => /^\s+at \S/.test(line)).map((line) => line.trim());
  return frames.slice(0, MOST_FRAMES);
}

/** Describes an error for the log. Without its message: that may quote a token, an address or a statement's values. */
export function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { errorName: "unknown" };
  return { errorName: error.name, errorCode: codeOf(error), frames: framesOf(error) };
}
