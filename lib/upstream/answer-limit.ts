import "server-only";

/** An upstream sent more than is read of it. It is a fault of that answer, and told as one that cannot be read. */
export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";

  constructor() {
    super("The answer is larger than UPSTREAM_MAX_BYTES");
  }
}

const DEFAULT_BYTES = 1_000_000;

/** Statuses whose answers have no body, and of which none may be made (Fetch standard, null body status). */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Start-up has checked the variable. It is read here because `env.ts` is above the providers, and these are above every fetch. */
function largestAnswer(): number {
  return Number(process.env.UPSTREAM_MAX_BYTES || DEFAULT_BYTES);
}

/** Counts what comes out of the decompression: a small answer can unpack to gigabytes. An error cancels the source, which closes its socket. */
function counted(body: ReadableStream<Uint8Array>, limit: number): ReadableStream<Uint8Array> {
  let bytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > limit) controller.error(new AnswerTooLarge());
        else controller.enqueue(chunk);
      },
    }),
  );
}

/**
 * The same answer, of which no more than `UPSTREAM_MAX_BYTES` can be read: an upstream that is broken, or has been taken over, must not use up
 * this process's memory. Reading on fails with `AnswerTooLarge`; so does this function, at once, where the answer declares such a length.
 */
export async function limitAnswer(answer: Response, limit = largestAnswer()): Promise<Response> {
  const { body, status, headers, url } = answer;
  if (!body || WITHOUT_BODY.has(status)) return answer;
  if (Number(headers.get("content-length") ?? 0) > limit) {
    await body.cancel();
    throw new AnswerTooLarge();
  }
  // An upstream may send a status, or words beside it, of which no Response can be made; nobody reads the words.
  const limited = new Response(counted(body, limit), { status: Math.min(status, 599), headers });
  // A response that was made by hand has no address.
  return Object.defineProperty(limited, "url", { value: url });
}
