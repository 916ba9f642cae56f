import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error";

/** Bytes; every real request to Echo is far smaller. */
const BODY_LIMIT = 64 * 1024;

/** Reads a body as UTF-8. Throws ApiError: 413 over the limit, 400 for bytes that are not UTF-8. */
export async function readBody(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    // The rest is read and dropped: leaving it unread would reset the connection before the client sees the 413.
    if (size <= BODY_LIMIT) chunks.push(bytes);
  }
  if (size > BODY_LIMIT) {
    throw new ApiError("invalid_argument", `request body is over ${BODY_LIMIT} bytes`, { status: 413 });
  }
  return decodeUtf8(Buffer.concat(chunks));
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ApiError("invalid_argument", "request body is not UTF-8");
  }
}
