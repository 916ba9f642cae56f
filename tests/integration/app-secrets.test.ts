import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { takeCanaryTour } from "@/tests/support/app/canary-tour";
import { clientBundle, findSecrets, type Place, type Secret } from "@/tests/support/app/find-secrets";

/** The database's bytes, which still contain deleted and overwritten data. */
function databaseFiles({ databaseFile }: AppBench): Place[] {
  return ["", "-wal"].map((end) => ({ name: `file${end}`, text: readFileSync(databaseFile + end, "latin1") }));
}

function configuredSecrets({ env }: AppBench): Secret[] {
  const named = ["SESSION_SECRET", "TOKEN_ENCRYPTION_KEY"].map((name) => ({ name, value: env[name] ?? "" }));
  const bytes = Buffer.from(env["TOKEN_ENCRYPTION_KEY"] ?? "", "base64");
  return [...named, { name: "encryption key's bytes", value: bytes.toString("hex") }];
}

describe("after all that a user can do, and much that goes wrong", () => {
  let places: readonly Place[];
  let secrets: readonly Secret[];
  let bench: AppBench;

  beforeAll(async () => {
    bench = await openAppBench();
    return () => bench.close();
  });

  beforeAll(async () => {
    const tour = await takeCanaryTour(bench);
    secrets = [...tour.secrets, ...configuredSecrets(bench)];
    const log = { name: "log", text: bench.app.logs() };
    places = [...tour.places, ...databaseFiles(bench), log, ...clientBundle()];
  });

  it("no token, verifier, code, state, session id or key can be read but in the address of the consent page", () => {
    expect(findSecrets(places, secrets)).toEqual(["POST /auth/connect/sonar: state"]);
  });

  it("every kind of secret was there to be found, and several of those that change", () => {
    const changing = ["access_token", "access_token's signature", "code", "code_verifier", "refresh_token", "state"];
    const lasting = ["SESSION_SECRET", "TOKEN_ENCRYPTION_KEY", "encryption key's bytes", "session id"];
    expect(new Set(secrets.map(({ name }) => name))).toEqual(new Set([...changing, ...lasting]));
    for (const kind of changing) {
      const values = secrets.filter(({ name }) => name === kind).map(({ value }) => value);
      expect(new Set(values).size).toBeGreaterThan(2);
    }
  });

  it("every place was looked into", () => {
    const text = (prefix: string) =>
      places
        .filter(({ name }) => name.startsWith(prefix))
        .map((place) => place.text)
        .join("\n");
    expect(text("GET /")).toContain("Ada Lovelace");
    const payloads = places.filter(({ name, text: answer }) => name === "GET /" && answer.includes("text/x-component"));
    expect(payloads.map((place) => place.text).join()).toContain("Ada Lovelace");
    expect(text("GET /oauth/error")).toContain("oauth/invalid_state");
    expect(text("GET /oauth/callback")).toContain("location: ");
    expect(text("POST /")).toContain("PermitJSON");
    expect(text("log")).toContain("oauth.refresh");
    expect(text("tables while connecting")).toContain("v1.");
    expect(text("tables while connected")).toContain("connected_at");
    expect(text("file")).toContain("v1.");
    expect(clientBundle().some(({ text: code }) => code.includes("Connect again"))).toBe(true);
  });

  it("a secret that leaks is found, wherever and in whatever form", () => {
    for (const { name, text } of places) {
      for (const secret of secrets) {
        const { value } = secret;
        for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString("base64")]) {
          const planted = { name, text: `${text.slice(0, 50)}${form}${text.slice(50, 100)}` };
          expect(findSecrets([planted], [secret])).toEqual([`${name}: ${secret.name}`]);
        }
      }
    }
  });

  it("the client's bundle does not even name what is the server's", () => {
    const names = ["SESSION_SECRET", "TOKEN_ENCRYPTION_KEY", "DATABASE_URL", "code_verifier", "sealed_tokens"];
    const guilty = clientBundle().filter(({ text }) => names.some((name) => text.includes(name)));
    expect(guilty.map(({ name }) => name)).toEqual([]);
  });
});
