import { describe, expect, it, vi } from "vitest";
import { checkEnv, type Env } from "@/lib/config/env";
import { authorizeOrigins, registeredStandIns, requireProvider } from "@/lib/providers/registry";
import { registeredProviders } from "@/lib/providers/index";
import { issuerUrl } from "@/lib/providers/definition";
import { fail } from "@/lib/result";
import { liveEnvironment, sandboxHere } from "@/tests/support/live-environment";

// A fork may have dropped every provider of the project.
vi.mock("@/lib/providers/index", () => import("@/tests/support/oauth/fixture-providers"));

const live = liveEnvironment;
const sandbox = { ...live, ...sandboxHere, SANDBOX_PORT: "4600" };
const splitCredentials = { SPLIT_CLIENT_ID: "split-client", SPLIT_CLIENT_SECRET: "split-client-key" };

function envOf(source: Record<string, string>): Env {
  const check = checkEnv(source);
  if (!check.ok) throw new Error(JSON.stringify(check.problems));
  return check.env;
}

function valuesOf(env: Env, id: string) {
  return Object.fromEntries(env.providers.get(id)?.values ?? []);
}

describe("a provider without credentials", () => {
  it("names the variables that are missing, and is no problem for the rest", () => {
    const env = envOf({ ...live, ...splitCredentials, PLAIN_CLIENT_ID: "plain-client" });
    expect(env.providers.get("plain")?.missing).toEqual(["PLAIN_CLIENT_SECRET"]);
    expect(env.providers.get("split")?.missing).toEqual([]);
    expect(envOf(live).providers.get("split")?.missing).toEqual(["SPLIT_CLIENT_ID", "SPLIT_CLIENT_SECRET"]);
    expect(requireProvider(env, "plain")).toEqual(fail("config/missing"));
    expect(requireProvider(env, "split")).toMatchObject({ ok: true });
  });

  it("is not set up with the stand-in's in production", () => {
    expect(JSON.stringify([...envOf(live).providers.values()].map(({ values }) => [...values]))).not.toContain(
      "127.0.0.1",
    );
  });

  it.each(["<client id>", "change-me", "000"])(
    "(%s) counts as misconfigured, without its value being shown",
    (placeholder) => {
      const check = checkEnv({ ...live, PLAIN_CLIENT_SECRET: placeholder });
      expect(check).toEqual({
        ok: false,
        problems: [{ variable: "PLAIN_CLIENT_SECRET", problem: "is still a placeholder" }],
      });
    },
  );

  it.each(["http://api.plain.example.com", "https://api.plain.example.com/v1", "plain"])(
    "refuses %s for its server",
    (url) => {
      const check = checkEnv({ ...live, PLAIN_URL: url });
      expect(check.ok || check.problems.map(({ variable }) => variable)).toEqual(["PLAIN_URL"]);
    },
  );
});

describe("in the sandbox", () => {
  it("every provider is set up with its stand-in, on the ports after the sandbox's first", () => {
    const env = envOf(sandbox);
    expect([...env.providers.values()].flatMap(({ missing }) => missing)).toEqual([]);
    expect(valuesOf(env, "plain")).toMatchObject({ PLAIN_URL: "http://127.0.0.1:4602" });
    expect(valuesOf(env, "split")).toMatchObject({
      SPLIT_URL: "http://127.0.0.1:4604",
      SPLIT_PAGES_URL: "http://127.0.0.1:4605",
    });
    expect(registeredStandIns(4600).map(({ id, port }) => [id, port])).toEqual([
      ["plain", 4602],
      ["split", 4604],
    ]);
  });

  it("a server that is set replaces the stand-in", () => {
    expect(valuesOf(envOf({ ...sandbox, PLAIN_URL: "http://127.0.0.1:4999" }), "plain")).toMatchObject({
      PLAIN_URL: "http://127.0.0.1:4999",
    });
  });

  it("a server on another machine does not get the stand-in's credentials", () => {
    const env = envOf({ ...sandbox, SPLIT_URL: "https://other.example.com" });
    expect(env.providers.get("split")?.missing).toEqual(["SPLIT_CLIENT_ID", "SPLIT_CLIENT_SECRET"]);
  });

  it("a provider with credentials is real: they are not sent to the stand-in", () => {
    const env = envOf({ ...sandbox, ...splitCredentials });
    expect(valuesOf(env, "split")).toEqual({
      ...splitCredentials,
      SPLIT_URL: "https://api.split.example.com",
      SPLIT_PAGES_URL: "https://accounts.split.example.com",
      SPLIT_ISSUER: "https://split.example.com",
    });
  });
});

describe("an issuer", () => {
  const read = (value: string) => issuerUrl().schema.safeParse(value);

  it.each([
    "https://tenant.example.com/",
    "https://tenant.example.com",
    "https://id.example.com/realms/sale",
    "https://login.example.com/tenant/v2.0",
    "http://127.0.0.1:4000/oauth2/default",
  ])("is kept to the letter: %s", (value) => expect(read(value).data).toBe(value));

  it.each(["http://id.example.com", "https://id.example.com/?tenant=1", "https://id.example.com/#a", "id.example.com"])(
    "is not %s",
    (value) => expect(read(value).success).toBe(false),
  );
});

describe("the registry", () => {
  it("gives every provider a redirect URI of its own, on this site", () => {
    const uris = ["sonar", ...registeredProviders.map(({ id }) => id)].map((id) => {
      const found = requireProvider(envOf(sandbox), id);
      return found.ok ? found.data.provider.redirectUri : found.error.code;
    });
    expect(uris).toEqual(["", "/plain", "/split"].map((path) => `${sandbox.APP_URL}/oauth/callback${path}`));
  });

  it("lets forms lead to the authorize pages of what is set up, and nowhere else", () => {
    expect(authorizeOrigins(envOf({ ...live, ...splitCredentials }))).toEqual([
      "https://app.echo.xyz",
      "https://accounts.split.example.com",
      "https://api.split.example.com",
    ]);
  });

  it.each(["", "Plain", "__proto__", "constructor", "toString"])("%j is no provider", (id) => {
    expect(requireProvider(envOf(sandbox), id)).toEqual(fail("connection/unknown_provider"));
  });
});
