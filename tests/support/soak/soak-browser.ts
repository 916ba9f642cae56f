import { HttpBrowser } from "@/tests/support/app/http-browser";
import type { Answers } from "@/tests/support/soak/answers";

/** A person waits no longer than this for anything (milliseconds). */
const PATIENCE_MS = 30_000;

/** No answer came: the connection was cut, or nobody would have waited as long. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** A browser whose every answer is read to its end and entered. */
export class SoakBrowser extends HttpBrowser {
  constructor(
    private readonly user: string,
    private readonly answers: Answers,
    address: string,
  ) {
    super(address);
  }

  override async send(url: URL, init: RequestInit): Promise<Response> {
    const from = Date.now();
    const what = `${init.method ?? "GET"} ${url.pathname}`;
    const limit = AbortSignal.timeout(PATIENCE_MS);
    try {
      const headers = new Headers(init.headers);
      // Unpacking thousands of pages would take the machine's time from what is measured.
      headers.set("Accept-Encoding", "identity");
      const answer = await super.send(url, { ...init, headers, signal: limit });
      const text = await answer.text();
      const requestId = answer.headers.get("x-request-id") ?? undefined;
      const { status } = answer;
      this.answers.add(
        { user: this.user, what, from, to: Date.now(), status, ...(requestId !== undefined && { requestId }) },
        text,
      );
      const whole = new Response(status === 204 || status === 304 ? null : text, {
        status,
        headers: answer.headers,
      });
      // A Response made by hand has no address.
      return Object.defineProperty(whole, "url", { value: url.href });
    } catch (error) {
      const broken = limit.aborted ? "no answer" : "cut";
      this.answers.add({ user: this.user, what, from, to: Date.now(), broken }, "");
      throw new NoAnswer(`${what} ended without an answer`, { cause: error });
    }
  }
}
