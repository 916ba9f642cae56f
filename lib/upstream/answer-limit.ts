import "server-only";
import { environmentSchema } from "@/lib/env-schema";

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

/**
 * It is read here because `env.ts` is above the providers, and these are above every fetch. The schema's rule decides here as well: a blank
 * value is no limit of zero, and a word is no absence of a limit.
 */
function largestAnswer(): number {
  return environmentSchema.shape.UPSTREAM_MAX_BYTES.safeParse(process.env.UPSTREAM_MAX_BYTES).data ?? DEFAULT_BYTES;
}

const tooLarge = new WeakSet<Response>();

/** Whether more than is read has come of that answer. A library that swallows the error of reading hands on the answer alone. */
export function wasTooLarge(answer: Response): boolean {
  return tooLarge.has(answer);
}

/** Counts what comes out of the decompression: a small answer can unpack to gigabytes. An error cancels the source, which closes its socket. */
function counted(body: ReadableStream<Uint8Array>, limit: number, onExcess: () => void): ReadableStream<Uint8Array> {
  let bytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes <= limit) return controller.enqueue(chunk);
        onExcess();
        controller.error(new AnswerTooLarge());
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
  const read = counted(body, limit, () => tooLarge.add(limited));
  const limited = new Response(read, { status: Math.min(status, 599), headers });
  // A response that was made by hand has no address.
  return Object.defineProperty(limited, "url", { value: url });
}
