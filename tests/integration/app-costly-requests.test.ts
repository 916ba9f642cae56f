import { beforeAll, expect, it } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { head, sendBytes } from "@/tests/support/app/raw-http";

let bench: AppBench;

beforeAll(async () => {
  bench = await openAppBench();
  return () => bench.close();
});

it("a router's tree with more levels than any page has is not read: Next would take quadratic time for it", async () => {
  const ask = (lists: number, encode: (tree: string) => string = String) =>
    // What cannot be read tells that it was not.
    fetch(new URL("/terms", bench.app.url), {
      headers: { RSC: "1", "Next-Router-State-Tree": encode("[".repeat(lists)) },
    });
  const [few, many, encoded] = await Promise.all([ask(3), ask(65), ask(65, encodeURIComponent)]);
  expect([few.status, many.status, encoded.status]).toEqual([500, 200, 200]);
});

it("a body in more chunks than any client sends ends its connection: each one would pass through several streams", async () => {
  const { url } = bench.app;
  const lines = [
    `Origin: ${new URL(url).origin}`,
    "Content-Type: application/x-www-form-urlencoded",
    "Transfer-Encoding: chunked",
  ];
  const post = (chunks: number) =>
    sendBytes(url, `${head(url, ["POST", "/auth/sign-in"], lines)}${"1\r\na\r\n".repeat(chunks)}0\r\n\r\n`);
  expect(await post(2_000)).toMatch(/^HTTP\/1\.1 [34]\d\d /);
  expect(await post(3_000)).toBe("");
});
