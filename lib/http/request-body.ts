/** The largest body that is read at all (bytes). Next has the same limit for actions, set in `next.config.ts`. */
export const LARGEST_BODY = 65_536;

/** The answer to a body that is too large. Next passes the text of an answer on to the caller of an action only with exactly this type. */
export function bodyTooLarge(): Response {
  return new Response("Body exceeded 64 kB.", { status: 413, headers: { "Content-Type": "text/plain" } });
}

/**
 * Reads a body of at most `limit` bytes; undefined if there are more. The bytes are counted, because a body that comes through a tunnel or
 * a proxy may be sent in chunks, without a `Content-Length` (RFC 9112 section 7.1).
 */
export async function readBody(body: AsyncIterable<Uint8Array> | null, limit: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
