import { startApp } from "@/tests/support/app/app-process";
import { callAction } from "@/tests/support/app/call-action";
import { HttpBrowser } from "@/tests/support/app/http-browser";
import { connectPerson, onlyConnection, startBenchSite } from "@/tests/support/bench/bench-site";
import type { Figure } from "@/tests/support/bench/figures";

/** The calls that find the same expired token, and the processes that they are spread over. */
const CALLS = 200;
const PROCESSES = 4;

/** Many calls at once with one expired token: all must be answered, by one refresh. */
export async function measureRefresh(): Promise<Figure[]> {
  const site = await startBenchSite("Postgres");
  const others = await Promise.all(
    Array.from({ length: PROCESSES - 1 }, () => startApp({ env: { ...site.env, APP_URL: site.app.url } })),
  );
  try {
    const person = new HttpBrowser();
    await connectPerson(person, site.app.url);
    const before = await site.upstream.tell({ latencyMs: 50 });
    const expiresAt = Math.floor(Date.now() / 1_000) - 1;
    await onlyConnection(site, ({ tokens, replace }) => replace({ ...tokens, expiresAt }));
    const urls = [site.app, ...others].map(({ url }) => url);
    const started = performance.now();
    const results = await Promise.all(
      Array.from({ length: CALLS }, (_, call) => callAction(person, urls[call % PROCESSES] ?? "", "getEntities", {})),
    );
    const took = performance.now() - started;
    const refreshes = (await site.upstream.tell({ latencyMs: 0 })).refreshes - before.refreshes;
    const good = results.filter(({ ok }) => ok).length;
    const what = `${CALLS} calls over ${PROCESSES} processes with an expired token`;
    return [
      { what: `${what}: refreshes`, unit: "", values: [refreshes], goal: { most: 1 } },
      { what: "of them answered with the entities", unit: "", values: [good], goal: { least: CALLS } },
      { what: "until the last was answered, upstream +50 ms", unit: "ms", values: [took] },
    ];
  } finally {
    for (const other of others) await other.stop();
    await site.close();
  }
}
