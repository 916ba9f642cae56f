import "server-only";
import type { z } from "zod";
import type { FailureCode } from "@/lib/failures";
import type { Deadline } from "@/lib/http/deadline";
import { parseJson } from "@/lib/http/parse-json";
import { AnswerTooLarge, API_STATUS_CODES, foreignBody, networkReason, upstreamFetch } from "@/lib/http/upstream";
import { isErrorBody } from "@/lib/http/wire";
import { fail, success, type Result } from "@/lib/result";

/** A call with valid input: it only needs a token. */
export type ReadyCall<Output> = (accessToken: string, deadline: Deadline) => Promise<Result<Output>>;

/** One call of a provider's API. The input is checked before any request, even a refresh. */
export interface ApiCall<Input = unknown, Output = unknown> {
  input: z.ZodType<unknown, Input>;
  /** Fails with `api/invalid_request`. */
  prepare(input: unknown): Result<ReadyCall<Output>>;
}

interface HttpRequest {
  method?: "GET" | "POST";
  url: URL;
  /** Sent as JSON. */
  body?: unknown;
}

interface HttpCallSpec<Input, Parsed, Output> {
  input: z.ZodType<Parsed, Input>;
  output: z.ZodType<Output>;
  request: (input: Parsed) => HttpRequest;
}

function codeOf(status: number, text: string): FailureCode {
  const foreign = foreignBody(status, text);
  // A 401 may have any text: it leads to one refresh, and ends nothing.
  if (foreign === "page" || (foreign && status === 403)) return "api/server_error";
  return API_STATUS_CODES[status] ?? (status < 500 ? "api/invalid_response" : "api/server_error");
}

function isRead(method: HttpRequest["method"]): boolean {
  return method !== "POST";
}

async function send({ method = "GET", url, body }: HttpRequest, accessToken: string, deadline: Deadline) {
  const headers = { Authorization: `Bearer ${accessToken}`, Accept: "application/json" };
  const content = body !== undefined && { body: JSON.stringify(body) };
  const type = body !== undefined && { "Content-Type": "application/json" };
  const request = upstreamFetch("provider.call", deadline, () => isRead(method));
  return request(url, { method, headers: { ...headers, ...type }, ...content });
}

/** A write may be confirmed without a body (204, or an empty 200); a read may not. */
function bodyOf(text: string, method: HttpRequest["method"]): unknown {
  return text.trim() === "" && !isRead(method) ? {} : parseJson(text);
}

async function readAnswer<Output>(
  { output, method }: { output: z.ZodType<Output>; method: HttpRequest["method"] },
  ask: () => Promise<Response>,
): Promise<Result<Output>> {
  try {
    const response = await ask();
    const { ok, status } = response;
    const text = await response.text();
    const body = bodyOf(text, method);
    // The provider's error text is left out: the table has a sentence for each code, and an upstream's text may quote data.
    if (!ok) return fail(codeOf(status, text), { status });
    const parsed = output.safeParse(body);
    return parsed.success && !isErrorBody(body) ? success(parsed.data) : fail("api/invalid_response", { status });
  } catch (error) {
    if (error instanceof AnswerTooLarge) return fail("api/invalid_response");
    const reason = networkReason(error);
    if (reason) return fail("api/network_error", { reason });
    throw error;
  }
}

/**
 * A JSON call over HTTP with a bearer token (RFC 6750 section 2.1). It does not use oauth4webapi, which throws on a 401 with a challenge and
 * returns one without. Fails with the `api/...` codes; on `api/unauthorized` (401) the engine refreshes the tokens.
 */
export function httpCall<Input, Parsed, Output>(spec: HttpCallSpec<Input, Parsed, Output>): ApiCall<Input, Output> {
  return {
    input: spec.input,
    prepare(raw) {
      const input = spec.input.safeParse(raw);
      if (!input.success) return fail("api/invalid_request");
      const request = spec.request(input.data);
      return success((accessToken, deadline) =>
        readAnswer({ output: spec.output, method: request.method }, () => send(request, accessToken, deadline)),
      );
    },
  };
}
