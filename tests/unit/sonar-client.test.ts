import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { deadlineIn } from "@/lib/http/deadline";
import { createSonarClient } from "@/lib/sonar";
import { accessToken } from "@/tests/support/oauth/token-server";
import { trialEnvironment } from "@/tests/support/live-environment";
import { startLocalServer, type LocalServer } from "@/tests/support/local-server";

const UUID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";

let server: LocalServer;

beforeAll(async () => {
  server = await startLocalServer((_request, response) => void response.destroy());
});

beforeEach(() => {
  server.requests.length = 0;
  const environment = { ...trialEnvironment, SONAR_API_URL: server.origin };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});

afterAll(() => server.close());

function clientFor(token: string) {
  return createSonarClient(token, deadlineIn(5_000));
}

describe("a Sonar client", () => {
  it("never sees another client's token", () => {
    const [ada, eve] = [accessToken("ada"), accessToken("eve")];
    const [first, second] = [clientFor(ada), clientFor(eve)];
    expect([first.getToken(), second.getToken()]).toEqual([ada, eve]);
    first.clear();
    expect(second.getToken()).toBe(eve);
  });

  it("keeps an expired token: whether it is still good is ours to know", () => {
    const expired = accessToken("ada", 1_000);
    expect(clientFor(expired).getToken()).toBe(expired);
  });

  it.each(["opaque", "a.b.c", "eyJhbGciOiJub25lIn0.e30.c2ln"])(
    "is not made with a token that sonar-core drops: %s",
    (token) => expect(() => clientFor(token)).toThrow(),
  );

  it("sends its token in the form that Sonar wants", async () => {
    const token = accessToken("ada");
    await expect(clientFor(token).myProfile()).rejects.toThrow();
    expect(server.requests[0]?.headers.authorization).toBe(`api:Bearer ${token}`);
  });

  it("repeats what only reads when the connection breaks, and never asks twice for a permit", async () => {
    const purchase = { saleUUID: UUID, entityID: "AUX-1", walletAddress: "0x1" };
    await expect(clientFor(accessToken("ada")).prePurchaseCheck(purchase)).rejects.toThrow(TypeError);
    await expect(clientFor(accessToken("ada")).generatePurchasePermit(purchase)).rejects.toThrow(TypeError);
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/externalapi.PrePurchaseCheck",
      "/externalapi.PrePurchaseCheck",
      "/externalapi.GenerateSalePurchasePermit",
    ]);
  });
});
