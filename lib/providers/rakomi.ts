import "server-only";
import { z } from "zod";
import { flag, optional, text } from "@/lib/http/wire";
import { httpCall } from "@/lib/oauth/http-call";
import { standardOAuth } from "@/lib/oauth/standard-oauth";
import { credential, defineProvider, issuerUrl, serverOrigin } from "@/lib/providers/definition";

const userInfo = z.object({
  sub: text.pipe(z.string().min(1)),
  name: optional(text),
  email: optional(z.string()),
  email_verified: optional(flag),
});

/** Rakomi, hosted login. The pages for users are on another host, which its discovery document names. */
export const rakomi = defineProvider({
  id: "rakomi",
  name: "Rakomi",
  variables: {
    RAKOMI_CLIENT_ID: credential("clientId"),
    RAKOMI_CLIENT_SECRET: credential("clientSecret"),
    RAKOMI_URL: serverOrigin("https://api.rakomi.com", "origin"),
    RAKOMI_ACCOUNTS_URL: serverOrigin("https://accounts.rakomi.com", "pagesOrigin"),
    RAKOMI_ISSUER: issuerUrl("https://rakomi.com", "pagesOrigin"),
  },
  setUp: (read) => ({
    ...standardOAuth({
      // The issuer is not the API's address: with that, an id token from the issuer would be refused.
      issuer: read("RAKOMI_ISSUER"),
      discoverAt: read("RAKOMI_URL"),
      endpoints: {
        authorization: `${read("RAKOMI_URL")}/oauth/authorize`,
        token: `${read("RAKOMI_URL")}/oauth/token`,
        revocation: `${read("RAKOMI_URL")}/oauth/revoke`,
      },
      authorizeOrigins: [read("RAKOMI_ACCOUNTS_URL"), read("RAKOMI_URL")],
      clientId: read("RAKOMI_CLIENT_ID"),
      clientSecret: read("RAKOMI_CLIENT_SECRET"),
      clientAuth: "post",
      tokenBody: "form",
      pkce: true,
      scopes: ["openid", "profile", "email"],
    }),
    calls: {
      userInfo: httpCall({
        input: z.object({}),
        output: userInfo,
        request: () => ({ url: new URL("/oauth/userinfo", read("RAKOMI_URL")) }),
      }),
    },
  }),
});
