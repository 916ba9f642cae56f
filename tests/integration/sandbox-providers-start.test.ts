import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { closeServer } from "@/sandbox/http/service";
import { startSandbox } from "@/sandbox/start";
import { startProviders } from "@/sandbox/providers/start";
import { freePorts } from "@/tests/support/local-server";
import { SandboxClient } from "@/tests/support/sandbox/sandbox-client";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const URIS = {
  oncehub: ["http://localhost:3000/oauth/callback/oncehub"],
  interact: ["http://localhost:3000/oauth/callback/interact"],
  rakomi: ["http://localhost:3000/oauth/callback/rakomi"],
};

let port: number;
beforeEach(async () => {
  port = await freePorts(6);
});

const at = (offset: number) => `http://127.0.0.1:${port + offset}`;
const redirectUris = async (origin: string) => (await new SandboxClient(origin).health()).redirectUris;

describe("starting the sandbox's further providers", () => {
  it("runs the chosen ones, each on its own port, with the app's redirect URIs", async () => {
    const running = await startProviders({ port, providers: { interact: URIS.interact, rakomi: URIS.rakomi } });
    expect(running.map(({ id, origin }) => [id, origin])).toEqual([
      ["interact", at(3)],
      ["rakomi", at(4)],
    ]);
    expect(await redirectUris(at(4))).toEqual(URIS.rakomi);
    expect((await fetch(`${at(5)}/authorize`)).status).toBe(400);
    await expect(fetch(at(2))).rejects.toThrow("fetch failed");
    for (const provider of running) await provider.close();
  });

  it("twice at the same time attaches the second app to the first one's, which knows both", async () => {
    const others = ["http://localhost:3001/oauth/callback/rakomi"];
    const both = await Promise.all([
      startProviders({ port, providers: { rakomi: URIS.rakomi } }),
      startProviders({ port, providers: { rakomi: others } }),
    ]);
    expect((await redirectUris(at(4))).sort()).toEqual([...URIS.rakomi, ...others].sort());
    for (const provider of both.flat()) await provider.close();
    await expect(fetch(at(4))).rejects.toThrow("fetch failed");
  });

  it("on a used port is an error, and the providers that have started end", async () => {
    const stranger = createServer((_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => stranger.listen(port + 4, "127.0.0.1", resolve));
    await expect(startProviders({ port, providers: URIS })).rejects.toThrow(/not this sandbox/);
    for (const offset of [2, 3, 5]) await expect(fetch(at(offset))).rejects.toThrow("fetch failed");
    await closeServer(stranger);
  });

  it("keeps connections in the data folder", async () => {
    const folder = temporaryFolder();
    const [running] = await startProviders({ port, providers: { oncehub: URIS.oncehub }, dataFolder: folder.path });
    const url = new URL("/oauth/authorize", at(2));
    url.search = new URLSearchParams({
      client_id: "sandbox-oncehub-client",
      redirect_uri: URIS.oncehub[0] ?? "",
      response_type: "code",
      state: "s",
      persona: "ada",
      decision: "approve",
    }).toString();
    await fetch(at(2) + url.pathname, { method: "POST", body: url.searchParams, redirect: "manual" });
    expect(existsSync(join(folder.path, `sandbox-oncehub-${port + 2}.json`))).toBe(true);
    await running?.close();
    folder.remove();
  });

  it("is part of the sandbox: Echo's controls link to theirs, and all end together", async () => {
    const sandbox = await startSandbox({ port, redirectUris: [], chain: "none", providers: URIS });
    const panel = await (await fetch(sandbox.echoOrigin)).text();
    for (const { name, origin } of sandbox.providers) expect(panel).toContain(`<a href="${origin}/">${name}</a>`);
    expect(sandbox.providers.map(({ name }) => name)).toEqual(["OnceHub", "Interact", "Rakomi"]);
    await sandbox.close();
    for (const offset of [0, 2, 3, 4, 5]) await expect(fetch(at(offset))).rejects.toThrow("fetch failed");
  });
});
