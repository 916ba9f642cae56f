/** A finished HTTP answer: what a handler returns, before any fault gets at it. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A JSON answer. Bigints become numbers with all their digits, as other languages write them. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: withExactIntegers(value),
  };
}

function withExactIntegers(value: unknown): string {
  const marked = (_: string, part: unknown) => (typeof part === "bigint" ? `\0${part}\0` : part);
  return JSON.stringify(value, marked).replace(/"\\u0000(\d+)\\u0000"/g, "$1");
}

/** An answer without a body. */
export function noContent(headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 204, headers, body: "" };
}

/** 303, not 302: the browser must turn a form POST into a GET (RFC 9110 section 15.4.4). */
export function seeOther(location: string): Answer {
  return { status: 303, headers: { location }, body: "" };
}
