/** Somebody who has an account with a provider. */
export interface Account {
  id: string;
  name: string;
  description: string;
}

/** What tells the stand-in for one provider from another's (providers.md 4.3, 4.7). */
export interface ProviderSpec {
  id: string;
  name: string;
  clientId: string;
  clientSecret: string;
  /** Where the page is on which people decide. */
  authorizePath: string;
  /** How the fields of a token request may come. */
  tokenBodies: readonly ("form" | "json")[];
  /** "required": S256 and nothing else; "none": the provider does not know it. */
  pkce: "required" | "none";
  /** In words, by name. */
  scopes: Readonly<Record<string, string>>;
  /** Whether people may leave scopes out. */
  partialScopes: boolean;
  accounts: readonly Account[];
  /** How its API words an error of a status. */
  errorBody(status: number): unknown;
}
