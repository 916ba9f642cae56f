import { describe, expect, it } from "vitest";
import { checkEnv, type Env } from "@/lib/config/env";
import { authorizeOrigins, requireProvider } from "@/lib/providers/registry";
import { registeredProviders } from "@/lib/providers/index";
import { issuerUrl } from "@/lib/providers/definition";
import { fail } from "@/lib/result";
import { liveEnvironment } from "@/tests/support/live-environment";

const live = liveEnvironment;
const sandbox = { ...live, SANDBOX: "1", SANDBOX_PORT: "4600" };
const rakomiCredentials = { RAKOMI_CLIENT_ID: "rk-client", RAKOMI_CLIENT_SECRET: "rk-secret" };

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
    const env = envOf({ ...live, ...rakomiCredentials, ONCEHUB_CLIENT_ID: "oh-client" });
    expect(env.providers.get("oncehub")?.missing).toEqual(["ONCEHUB_CLIENT_SECRET"]);
    expect(env.providers.get("interact")?.missing).toEqual(["INTERACT_CLIENT_ID", "INTERACT_CLIENT_SECRET"]);
    expect(env.providers.get("rakomi")?.missing).toEqual([]);
    expect(requireProvider(env, "oncehub")).toEqual(fail("config/missing"));
    expect(requireProvider(env, "rakomi")).toMatchObject({ ok: true });
  });

  it("is not set up with the stand-in's in production", () => {
    expect(JSON.stringify([...envOf(live).providers.values()].map(({ values }) => [...values]))).not.toContain(
      "127.0.0.1",
    );
  });

  it.each(["<client id>", "change-me", "000"])(
    "(%s) counts as misconfigured, without its value being shown",
    (placeholder) => {
      const check = checkEnv({ ...live, INTERACT_CLIENT_SECRET: placeholder });
      expect(check).toEqual({
        ok: false,
        problems: [{ variable: "INTERACT_CLIENT_SECRET", problem: "is still a placeholder" }],
      });
    },
  );

  it.each(["http://api.interact.com", "https://api.interact.com/v1", "interact"])(
    "refuses %s for its server",
    (url) => {
      const check = checkEnv({ ...live, INTERACT_URL: url });
      expect(check.ok || check.problems.map(({ variable }) => variable)).toEqual(["INTERACT_URL"]);
    },
  );
});

describe("in the sandbox", () => {
  it("every provider is set up with its stand-in, on the ports after the sandbox's first", () => {
    const env = envOf(sandbox);
    expect([...env.providers.values()].flatMap(({ missing }) => missing)).toEqual([]);
    expect(valuesOf(env, "oncehub")).toMatchObject({ ONCEHUB_APP_URL: "http://127.0.0.1:4602" });
    expect(valuesOf(env, "interact")).toMatchObject({ INTERACT_URL: "http://127.0.0.1:4603" });
    expect(valuesOf(env, "rakomi")).toMatchObject({
      RAKOMI_URL: "http://127.0.0.1:4604",
      RAKOMI_ACCOUNTS_URL: "http://127.0.0.1:4605",
    });
  });

  it("a server that is set replaces the stand-in", () => {
    expect(valuesOf(envOf({ ...sandbox, INTERACT_URL: "http://127.0.0.1:4999" }), "interact")).toMatchObject({
      INTERACT_URL: "http://127.0.0.1:4999",
    });
  });

  it("a server on another machine does not get the stand-in's credentials", () => {
    const env = envOf({ ...sandbox, RAKOMI_URL: "https://rakomi.example.com" });
    expect(env.providers.get("rakomi")?.missing).toEqual(["RAKOMI_CLIENT_ID", "RAKOMI_CLIENT_SECRET"]);
  });

  it("a provider with credentials is real: they are not sent to the stand-in", () => {
    const env = envOf({ ...sandbox, ...rakomiCredentials });
    expect(valuesOf(env, "rakomi")).toEqual({
      ...rakomiCredentials,
      RAKOMI_URL: "https://api.rakomi.com",
      RAKOMI_ACCOUNTS_URL: "https://accounts.rakomi.com",
      RAKOMI_ISSUER: "https://rakomi.com",
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
    expect(uris).toEqual(
      ["", "/oncehub", "/interact", "/rakomi"].map((path) => `https://sale.example.com/oauth/callback${path}`),
    );
  });

  it("lets forms lead to the authorize pages of what is set up, and nowhere else", () => {
    expect(authorizeOrigins(envOf({ ...live, ...rakomiCredentials }))).toEqual([
      "https://app.echo.xyz",
      "https://accounts.rakomi.com",
      "https://api.rakomi.com",
    ]);
  });

  it.each(["", "Oncehub", "__proto__", "constructor", "toString"])("%j is no provider", (id) => {
    expect(requireProvider(envOf(sandbox), id)).toEqual(fail("connection/unknown_provider"));
  });
});
