import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { sandboxClient } from "@/lib/config/sandbox";
import { closeServer } from "@/sandbox/http/service";
import { startSandbox } from "@/sandbox/start";
import { startProviders } from "@/sandbox/start";
import { freePorts } from "@/tests/support/local-server";
import { SandboxClient } from "@/tests/support/sandbox/sandbox-client";
import { temporaryFolder } from "@/tests/support/temporary-folder";

vi.mock("@/sandbox/providers/stand-ins", () => import("@/tests/support/sandbox/fixture-stand-ins"));

let port: number;
beforeEach(async () => {
  port = await freePorts(6);
});

const URIS = {
  plain: ["http://localhost:3000/oauth/callback/plain"],
  split: ["http://localhost:3000/oauth/callback/split"],
};
const plain = () => ({ id: "plain", port: port + 2, redirectUris: URIS.plain });
const split = () => ({ id: "split", port: port + 4, redirectUris: URIS.split });

const at = (offset: number) => `http://127.0.0.1:${port + offset}`;
const redirectUris = async (origin: string) => (await new SandboxClient(origin).health()).redirectUris;

describe("starting the sandbox's further providers", () => {
  it("runs the chosen ones, each on its own port, with the app's redirect URIs", async () => {
    const running = await startProviders({ providers: [split()] });
    expect(running.map(({ id, origin }) => [id, origin])).toEqual([["split", at(4)]]);
    expect(await redirectUris(at(4))).toEqual(URIS.split);
    await expect(fetch(at(2))).rejects.toThrow("fetch failed");
    for (const provider of running) await provider.close();
  });

  it("twice at the same time attaches the second app to the first one's, which knows both", async () => {
    const others = ["http://localhost:3001/oauth/callback/split"];
    const both = await Promise.all([
      startProviders({ providers: [split()] }),
      startProviders({ providers: [{ ...split(), redirectUris: others }] }),
    ]);
    expect((await redirectUris(at(4))).sort()).toEqual([...URIS.split, ...others].sort());
    for (const provider of both.flat()) await provider.close();
    await expect(fetch(at(4))).rejects.toThrow("fetch failed");
  });

  it("on a used port is an error, and the providers that have started end", async () => {
    const stranger = createServer((_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => stranger.listen(port + 4, "127.0.0.1", resolve));
    await expect(startProviders({ providers: [plain(), split()] })).rejects.toThrow(/not this sandbox/);
    await expect(fetch(at(2))).rejects.toThrow("fetch failed");
    await closeServer(stranger);
  });

  it("of a provider without a stand-in is an error that says where to add one", async () => {
    const unknown = { ...split(), id: "unknown" };
    await expect(startProviders({ providers: [plain(), unknown] })).rejects.toThrow("sandbox/providers/stand-ins.ts");
    await expect(fetch(at(2))).rejects.toThrow("fetch failed");
  });

  it("keeps connections in the data folder", async () => {
    const folder = temporaryFolder();
    const [running] = await startProviders({ providers: [plain()], dataFolder: folder.path });
    const url = new URL("/oauth/authorize", at(2));
    url.search = new URLSearchParams({
      client_id: sandboxClient("plain").clientId,
      redirect_uri: URIS.plain[0] ?? "",
      response_type: "code",
      state: "s",
      persona: "ada",
      decision: "approve",
    }).toString();
    await fetch(at(2) + url.pathname, { method: "POST", body: url.searchParams, redirect: "manual" });
    expect(existsSync(join(folder.path, `sandbox-plain-${port + 2}.json`))).toBe(true);
    await running?.close();
    folder.remove();
  });

  it("is part of the sandbox: Echo's controls link to theirs, and all end together", async () => {
    const sandbox = await startSandbox({ port, redirectUris: [], chain: "none", providers: [plain(), split()] });
    const panel = await (await fetch(sandbox.echoOrigin)).text();
    for (const { name, origin } of sandbox.providers) expect(panel).toContain(`<a href="${origin}/">${name}</a>`);
    expect(sandbox.providers.map(({ name }) => name)).toEqual(["Plain", "Split"]);
    await sandbox.close();
    for (const offset of [0, 2, 4]) await expect(fetch(at(offset))).rejects.toThrow("fetch failed");
  });
});
