import { ECHO } from "@/tests/support/echo-endpoints";
import type { Secret } from "@/tests/support/find-secrets";
import type { Passage } from "@/tests/support/upstream-gate";

const ASKED = ["code", "code_verifier", "refresh_token"];
const ANSWERED = ["access_token", "refresh_token"];

const TOKEN_ENDPOINTS: readonly string[] = [ECHO.exchange, ECHO.refresh];

/** Read without parsing: some answers are broken on purpose. */
function secretsOf(fields: readonly string[], text = ""): Secret[] {
  return fields.flatMap((name) => {
    const value = new RegExp(`"${name}":"([^"]+)"`).exec(text)?.[1];
    if (value === undefined) return [];
    // Part of an access token is as bad as all of it: the signature is looked for by itself, too.
    const signature =
      name === "access_token" ? [{ name: "access_token's signature", value: value.split(".")[2] ?? "" }] : [];
    return [{ name, value }, ...signature];
  });
}

/** The tokens, codes and verifiers that an app has sent to Echo or got from it. */
export function upstreamSecrets(passages: readonly Passage[]): Secret[] {
  return passages
    .filter(({ path }) => TOKEN_ENDPOINTS.includes(path))
    .flatMap(({ body, answer }) => [...secretsOf(ASKED, body), ...secretsOf(ANSWERED, answer)]);
}
