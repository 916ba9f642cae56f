import "server-only";
import { z } from "zod";
import { httpCall } from "@/lib/oauth/http-call";
import { standardOAuth } from "@/lib/oauth/standard-oauth";
import { credential, defineProvider, issuerUrl } from "@/lib/providers/definition";

/** An OpenID provider like many: its discovery document says where everything is. */
export const example = defineProvider({
  id: "example",
  name: "Example",
  variables: {
    EXAMPLE_CLIENT_ID: credential(),
    EXAMPLE_CLIENT_SECRET: credential(),
    EXAMPLE_ISSUER: issuerUrl(),
  },
  setUp: (read) => ({
    ...standardOAuth({
      issuer: read("EXAMPLE_ISSUER"),
      discoverAt: read("EXAMPLE_ISSUER"),
      authorizeOrigins: [new URL(read("EXAMPLE_ISSUER")).origin],
      clientId: read("EXAMPLE_CLIENT_ID"),
      clientSecret: read("EXAMPLE_CLIENT_SECRET"),
      clientAuth: "basic",
      tokenBody: "form",
      pkce: true,
      scopes: ["openid", "email"],
    }),
    calls: {
      userInfo: httpCall({
        input: z.object({}),
        output: z.object({ sub: z.string(), email: z.string().nullish() }),
        // The document's `userinfo_endpoint`.
        request: () => ({ url: new URL("/me", read("EXAMPLE_ISSUER")) }),
      }),
    },
  }),
});
