import "server-only";
import { z } from "zod";
import { httpCall } from "@/lib/oauth/http-call";
import { standardOAuth } from "@/lib/oauth/standard-oauth";
import {
  credential,
  defineProvider,
  issuerUrl,
  serverOrigin,
  type ProviderDefinition,
} from "@/lib/providers/definition";

const me = (origin: string) =>
  httpCall({
    input: z.object({}),
    output: z.object({ id: z.string() }),
    request: () => ({ url: new URL("/me", origin) }),
  });

const plain = defineProvider({
  id: "plain",
  name: "Plain",
  variables: {
    PLAIN_CLIENT_ID: credential("clientId"),
    PLAIN_CLIENT_SECRET: credential("clientSecret"),
    PLAIN_URL: serverOrigin("https://api.plain.example.com", "origin"),
  },
  setUp: (read) => ({
    ...standardOAuth({
      issuer: read("PLAIN_URL"),
      endpoints: { authorization: `${read("PLAIN_URL")}/oauth/authorize`, token: `${read("PLAIN_URL")}/oauth/token` },
      authorizeOrigins: [read("PLAIN_URL")],
      clientId: read("PLAIN_CLIENT_ID"),
      clientSecret: read("PLAIN_CLIENT_SECRET"),
      clientAuth: "post",
      tokenBody: "json",
      pkce: false,
      scopes: [],
    }),
    calls: { me: me(read("PLAIN_URL")) },
  }),
});

/** Its pages are on another host than its API. */
const split = defineProvider({
  id: "split",
  name: "Split",
  variables: {
    SPLIT_CLIENT_ID: credential("clientId"),
    SPLIT_CLIENT_SECRET: credential("clientSecret"),
    SPLIT_URL: serverOrigin("https://api.split.example.com", "origin"),
    SPLIT_PAGES_URL: serverOrigin("https://accounts.split.example.com", "pagesOrigin"),
    SPLIT_ISSUER: issuerUrl("https://split.example.com", "pagesOrigin"),
  },
  setUp: (read) => ({
    ...standardOAuth({
      issuer: read("SPLIT_ISSUER"),
      endpoints: {
        authorization: `${read("SPLIT_PAGES_URL")}/oauth/authorize`,
        token: `${read("SPLIT_URL")}/oauth/token`,
      },
      authorizeOrigins: [read("SPLIT_PAGES_URL"), read("SPLIT_URL")],
      clientId: read("SPLIT_CLIENT_ID"),
      clientSecret: read("SPLIT_CLIENT_SECRET"),
      clientAuth: "post",
      tokenBody: "form",
      pkce: true,
      scopes: ["openid", "email"],
    }),
    calls: { me: me(read("SPLIT_URL")) },
  }),
});

/** In place of `lib/providers/index.ts`, whose providers a fork may have dropped. */
export const providerDefinitions = [plain, split] as const;

export const registeredProviders: readonly ProviderDefinition[] = [...providerDefinitions];
