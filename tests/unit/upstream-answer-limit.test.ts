import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createClient } from "@echoxyz/sonar-core";
import type { ChainSettings } from "@/lib/config/chain";
import { readContract } from "@/lib/chain/read-sale";
import { httpCall } from "@/lib/oauth/http-call";
import { sonarProvider } from "@/lib/providers/sonar";
import { fail, success } from "@/lib/result";
import { sonarResult } from "@/lib/sonar/refusals";
import { deadlineIn } from "@/lib/http/deadline";
import { upstreamFetch } from "@/lib/http/upstream";
import { accessToken } from "@/tests/support/oauth/token-server";
import {
  declared,
  expectCutOff,
  lying,
  plain,
  refused,
  startFlood,
  zipped,
  type Flood,
  type Send,
} from "@/tests/support/oauth/flood";
import { answerJson, startLocalServer } from "@/tests/support/local-server";
import { adapterOf, plainSpec, REDIRECT_URI } from "@/tests/support/oauth/standard-bench";

const MB = 1_000_000;

let flood: Flood | undefined;
afterEach(async () => {
  await flood?.close();
  flood = undefined;
});

const soon = () => deadlineIn(60_000);
const unreadable = fail("oauth/invalid_response");

const CALLBACK = {
  callback: new URLSearchParams("code=c&state=s"),
  state: "s",
  codeVerifier: "v".repeat(43),
  redirectUri: REDIRECT_URI,
};

function sonarAt(apiUrl: string) {
  const urls = { redirectUri: REDIRECT_URI, apiUrl, frontendUrl: "https://app.example.com" };
  return sonarProvider({ clientUUID: "client-uuid", saleUUID: "sale-uuid", ...urls }).oauth;
}

function chainAt(rpcUrl: string): ChainSettings {
  const names = { chainName: "Chain", nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 } };
  const contract = "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0";
  return { facts: { ...names, chainId: 31_337, contract, rpcUrls: [], sandboxWallet: true }, rpcUrls: [rpcUrl] };
}

async function callAt(origin: string) {
  const api = httpCall({ input: z.object({}), output: z.object({}), request: () => ({ url: new URL("/x", origin) }) });
  const ready = api.prepare({});
  return ready.ok ? ready.data("access-token", soon()) : ready;
}

/** Requests to an upstream, and their outcome if the answer is far too long. */
const READS: Readonly<Record<string, [(origin: string) => Promise<unknown>, expected: unknown]>> = {
  "a token exchange": [(origin) => adapterOf(plainSpec(origin)).exchange(CALLBACK, soon()), unreadable],
  "a refresh": [(origin) => adapterOf(plainSpec(origin)).refresh("rt-0", soon()), unreadable],
  "a discovery document": [
    (origin) => {
      const { endpoints: _known, ...spec } = plainSpec(origin);
      return adapterOf({ ...spec, issuer: origin, discoverAt: origin }).begin(REDIRECT_URI, soon());
    },
    unreadable,
  ],
  "a provider's API": [callAt, fail("api/invalid_response")],
  "Sonar's token exchange": [(origin) => sonarAt(origin).exchange(CALLBACK, soon()), unreadable],
  "Sonar's refresh": [(origin) => sonarAt(origin).refresh("rt-0", soon()), unreadable],
  "Sonar's API": [
    (origin) => {
      const client = createClient({ apiURL: origin, fetch: upstreamFetch("test", soon(), () => true) });
      client.setToken(accessToken("ada"));
      return sonarResult("api", () => client.listAvailableEntities({ saleUUID: "sale-uuid" }));
    },
    fail("api/invalid_response"),
  ],
  "a node of the chain": [(origin) => readContract(chainAt(origin), "sale-uuid", soon()), fail("chain/unreachable")],
};

describe.each(Object.entries(READS))("an endless answer of %s", (_what, [read, expected]) => {
  it.each([
    ["as it is", plain],
    ["compressed", zipped],
    ["with its length declared", declared],
  ] satisfies [string, Send][])("%s is a Failure, is cut off, and is not asked for again", async (_how, send) => {
    const sent = (flood = await startFlood(send));
    expect(await read(sent.origin)).toEqual(expected);
    await expectCutOff(sent);
  });

  it("whose declared length is a lie is a Failure, and is cut off", async () => {
    const sent = (flood = await startFlood(lying));
    expect(await read(sent.origin)).toMatchObject({ ok: false });
    await expectCutOff(sent);
  });
});

describe("an endless refusal", () => {
  it("of a refresh token does not end the connection: nobody has read that it is one", async () => {
    const sent = (flood = await startFlood(refused));
    expect(await adapterOf(plainSpec(sent.origin)).refresh("rt-0", soon())).toEqual(unreadable);
    await expectCutOff(sent);
  });

  it("of a refresh token by Sonar does not end the connection either", async () => {
    const sent = (flood = await startFlood(refused));
    expect(await sonarAt(sent.origin).refresh("rt-0", soon())).toEqual(unreadable);
    await expectCutOff(sent);
  });
});

describe("an endless answer to a revocation", () => {
  const revokeAt = (origin: string) =>
    adapterOf(plainSpec(origin)).revoke?.({ accessToken: "at", refreshToken: "rt" }, soon());

  it("that says yes is not waited for", async () => {
    const sent = (flood = await startFlood(plain));
    expect(await revokeAt(sent.origin)).toEqual(success({ revoked: true }));
    await expectCutOff(sent);
  });

  it("that says no is a Failure, and is cut off", async () => {
    const sent = (flood = await startFlood(refused));
    expect(await revokeAt(sent.origin)).toEqual(unreadable);
    await expectCutOff(sent);
  });
});

describe("an answer within the limit", () => {
  it("is as the upstream sent it", async () => {
    const server = await startLocalServer((_request, response) => {
      response.setHeader("X-Own", "yes");
      answerJson(response, 418, { text: "x".repeat(900_000) });
    });
    const answer = await upstreamFetch("test", soon(), () => true)(`${server.origin}/path`);
    expect([answer.status, answer.url]).toEqual([418, `${server.origin}/path`]);
    expect(answer.headers.get("x-own")).toBe("yes");
    expect(await answer.json()).toEqual({ text: "x".repeat(900_000) });
    await server.close();
  });

  it("may have a status or status text that a Response does not accept", async () => {
    const server = await startLocalServer((_request, response) => {
      response.socket?.end("HTTP/1.1 999 \u041d\u0435\u0442\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
    });
    const answer = await upstreamFetch("test", soon(), () => true)(server.origin);
    expect([answer.status, await answer.text()]).toEqual([599, "no"]);
    await server.close();
  });

  it("may have no body", async () => {
    const server = await startLocalServer((_request, response) => void response.writeHead(204).end());
    const answer = await upstreamFetch("test", soon(), () => true)(server.origin);
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
    await server.close();
  });

  it("may be as large as UPSTREAM_MAX_BYTES says, and no larger", async () => {
    vi.stubEnv("UPSTREAM_MAX_BYTES", "20000");
    const server = await startLocalServer(({ path }, response) => void response.end("x".repeat(Number(path.slice(1)))));
    const read = async (bytes: number) =>
      (await upstreamFetch("test", soon(), () => true)(`${server.origin}/${bytes}`)).text();
    expect(await read(20_000)).toHaveLength(20_000);
    await expect(read(20_001)).rejects.toMatchObject({ name: "AnswerTooLarge" });
    await server.close();
  });

  it.each(["", "   "])("may have the usual size where UPSTREAM_MAX_BYTES is empty (%j)", async (empty) => {
    vi.stubEnv("UPSTREAM_MAX_BYTES", empty);
    const server = await startLocalServer((_request, response) => void response.end("x".repeat(MB)));
    const answer = await upstreamFetch("test", soon(), () => true)(server.origin);
    expect(await answer.text()).toHaveLength(MB);
    await server.close();
  });

  it("has a limit where UPSTREAM_MAX_BYTES is no number, too", async () => {
    vi.stubEnv("UPSTREAM_MAX_BYTES", "a lot");
    const sent = (flood = await startFlood(plain));
    const answer = await upstreamFetch("test", soon(), () => true)(sent.origin);
    await expect(answer.text()).rejects.toMatchObject({ name: "AnswerTooLarge" });
  });
});
