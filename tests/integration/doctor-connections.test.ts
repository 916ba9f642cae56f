import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deadlineIn } from "@/lib/http/deadline";
import { examineProvider } from "@/scripts/doctor/connections";
import { NOBODY } from "@/tests/support/app/app-environment";
import { answerJson, type Handler } from "@/tests/support/local-server";
import { startOpenIdServer, type OpenIdServer } from "@/tests/support/oauth/openid-server";
import {
  adapterOf,
  answering,
  plainSpec,
  REDIRECT_URI as EXAMPLE_REDIRECT,
} from "@/tests/support/oauth/standard-bench";
import { APP_URL, hostOf, lineOf, openDoctorBench, serve } from "@/tests/support/sandbox/doctor-bench";

describe("a further provider", () => {
  const examined = async (handle: Handler) => {
    const server = await serve(handle);
    const oauth = adapterOf(plainSpec(server.origin));
    const provider = { id: "example", name: "Example", redirectUri: EXAMPLE_REDIRECT, oauth };
    return (await examineProvider(provider, "EXAMPLE_CLIENT_ID and EXAMPLE_CLIENT_SECRET", deadlineIn(5_000))).map(
      lineOf,
    );
  };
  const tokenEndpoint = (error: string, page: Handler): Handler => {
    return (request, response) =>
      request.path === "/token" ? answerJson(response, 400, { error }) : page(request, response);
  };
  const consent = answering("approve?");

  it("with a good registration complains of the code alone", async () => {
    expect(await examined(tokenEndpoint("invalid_grant", consent))).toEqual([
      "connecting Example: client and redirect URI are accepted, as far as shows before a sign-in.",
    ]);
  });

  it("refuses a wrong secret", async () => {
    expect(await examined(tokenEndpoint("invalid_client", consent))).toEqual([
      "connecting Example: the client or its secret is refused. Correct EXAMPLE_CLIENT_ID and EXAMPLE_CLIENT_SECRET.",
    ]);
  });

  it("sends people back with an error", async () => {
    const back: Handler = (_request, response) =>
      void response.writeHead(302, { location: `${EXAMPLE_REDIRECT}?error=unauthorized_client&state=s` }).end();
    expect(await examined(tokenEndpoint("invalid_grant", back))).toEqual([
      `connecting Example: its authorize page sends people back with "unauthorized_client". Check this client's registration there.`,
    ]);
  });

  it("that keeps programs out tells nothing, which is no fault", async () => {
    const wall = answering("are you a robot?", 403);
    expect(await examined(tokenEndpoint("invalid_grant", wall))).toEqual([
      "connecting Example: its authorize page answers programs with 403. " +
        "Connect once in a browser to see whether it accepts this client.",
    ]);
  });
});

describe.each(["basic", "post"] as const)(
  "an identity provider whose clients send their secret by %s",
  (clientAuth) => {
    const bench = openDoctorBench();
    const CLIENT = { clientId: "our-client", clientSecret: "canary-secret-of-32-characters-or-more" };
    let server: OpenIdServer;
    beforeAll(async () => {
      server = await startOpenIdServer({ ...CLIENT, clientAuth, redirectUri: `${APP_URL}/auth/login/callback` });
    });
    afterAll(() => server.close());
    const settings = () => ({
      LOGIN_ISSUER: server.issuer,
      LOGIN_CLIENT_ID: CLIENT.clientId,
      LOGIN_CLIENT_SECRET: CLIENT.clientSecret,
    });
    const subject = () => `signing in (${hostOf(server.issuer)})`;

    it("is fine with a good registration", async () => {
      const found = await bench.findings(settings());
      expect(found.filter(({ level }) => level === "fix")).toEqual([]);
      expect(found.map(lineOf)).toContain(
        `${subject()}: client and redirect URI are accepted, as far as shows before a sign-in.`,
      );
    });

    it("does not know the redirect URI, the client, or its secret", async () => {
      // Echo does not know the other address either.
      const [elsewhere] = await bench.faults({ ...settings(), APP_URL: "http://localhost:3999" });
      expect(elsewhere).toBe(
        `${subject()}: the redirect URI is not registered. Register http://localhost:3999/auth/login/callback there, letter for letter.`,
      );
      const unknown = await bench.faults({ ...settings(), LOGIN_CLIENT_ID: "stranger" });
      expect(unknown[0]).toBe(`${subject()}: the client is unknown. Correct LOGIN_CLIENT_ID and LOGIN_CLIENT_SECRET.`);
      expect(await bench.faults({ ...settings(), LOGIN_CLIENT_SECRET: "canary" })).toEqual([
        `${subject()}: the client or its secret is refused. Correct LOGIN_CLIENT_ID and LOGIN_CLIENT_SECRET.`,
      ]);
    });

    it("is down, or is not the issuer that is set", async () => {
      expect(await bench.faults({ ...settings(), LOGIN_ISSUER: NOBODY })).toEqual([
        "signing in (127.0.0.1:9): cannot be reached. Check the address, and this machine's network.",
      ]);
      const [fault] = await bench.faults({ ...settings(), LOGIN_ISSUER: `${server.issuer}/` });
      expect(fault).toContain("its discovery document cannot be used. Check LOGIN_ISSUER.");
    });
  },
);
