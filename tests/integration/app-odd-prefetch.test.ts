import { expect, it, onTestFinished } from "vitest";
import { openAppBench } from "@/tests/support/app/app-bench";

it.each(["2", "3"])(
  "a page that is asked for in a way that nothing here uses (%s) spoils nothing that all visitors share",
  async (value) => {
    // A new process: nothing was read yet that could stand in.
    const { app, close } = await openAppBench();
    onTestFinished(close);
    const headers = { RSC: "1", "Next-Router-Prefetch": value };
    const answer = await fetch(app.url, { headers });
    await answer.text();
    // At once: what has failed is not read again for a second.
    const figures = await fetch(`${app.url}/api/commitments`);
    expect([figures.status, await figures.json()]).toEqual([200, expect.anything()]);
    expect(await (await fetch(app.url)).text()).not.toContain("went wrong");
    expect(answer.status).toBe(200);
    expect(app.logs()).not.toMatch(/"level":[45]0/);
  },
  60_000,
);
