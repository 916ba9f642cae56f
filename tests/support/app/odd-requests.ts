/** Part of most of these requests: nothing of a request may get into the log. */
export const CANARY = "canary4711";

/** The type of a form with fields. */
export const MULTIPART = "multipart/form-data; boundary=b";

/** Paths that are none, that lead elsewhere, or that a log would print as lines. */
export const PATHS = [
  "/%E0%A4%A",
  "/%",
  "/%zz",
  "/%00",
  `/%0d%0aSet-Cookie:%20${CANARY}=b`,
  "/%0a%7B%22level%22:60%7D",
  `/auth/connect/%E0%A4%A${CANARY}`,
  "/activity/%E0%A4%A",
  "/oauth/callback/%E0%A4%A",
  "/sandbox/%E0%A4%A",
  "/_next/static/%E0%A4%A",
  "/_next/static/..%2f..%2fpackage.json",
  `/_next/image?url=%2F${CANARY}`,
  `//${CANARY}.example`,
  `/\\${CANARY}`,
  "/?a=%E0%A4%A",
  "/%5B%5B",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/%c0%80",
  "*",
  `http://${CANARY}.example/`,
  "/_error",
  "/500",
];

/** Headers that this site or Next reads, with values that no browser sends. */
export const HEADERS: readonly (readonly string[])[] = [
  ["RSC: 1", `Next-Router-State-Tree: ${CANARY}`],
  ["RSC: 1", "Next-Router-State-Tree: %E0%A4%A"],
  ["RSC: 1", `Next-Router-State-Tree: ${encodeURIComponent(`["${CANARY}"]`)}`],
  ["RSC: 1", `Next-Router-State-Tree: ${"a".repeat(14_000)}`],
  ["RSC: 1", "Next-Router-Prefetch: 2"],
  ["RSC: 1", `Next-Router-Segment-Prefetch: /../${CANARY}`],
  ["RSC: 2"],
  ["RSC: 1", "Next-Url: %E0\u00e9"],
  ["Next-Resume: 1"],
  ["X-Forwarded-Host: a\u00e9, b"],
  [`X-Forwarded-For: <script>${CANARY}`],
  [`X-Request-Id: ${CANARY}`],
  ["Cookie: session=%E0%A4%A"],
  ["Cookie: %=%; =; ;;;; a"],
  [`Cookie: session=${CANARY.repeat(1_000)}`],
  [`Cookie: ${Array.from({ length: 800 }, (_, at) => `c${at}=${CANARY}`).join("; ")}`],
  ["Cookie: __prerender_bypass=x; __next_preview_data=y"],
  [`X-A: b\r\nX-B: ${CANARY}\r{"level":60}`],
  ["X-A: \0"],
  [`X-A: ${"x".repeat(40_000)}`],
  ["Upgrade: websocket", "Connection: Upgrade"],
  ["Expect: 100-continue"],
  [`Accept-Language: ${CANARY}\u00e9`],
  ["Host: a b"],
];

/** Bodies that no page of this site sends. */
export const BODIES = ["", `${CANARY}     `, "[]", "{", '["$@1"]', '["$K1"]', '["$B1"]', '["$Q1"]', "x".repeat(60_000)];
/** Types of bodies, most of them wrong for what is sent. */
export const TYPES = [
  "",
  "application/json",
  "application/x-www-form-urlencoded",
  MULTIPART,
  "multipart/form-data",
  "text/plain\tx",
];
