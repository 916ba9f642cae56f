/** The redirect URI with an answer's parameters; a query of its own stays (RFC 6749 section 3.1.2). */
export function redirectToApp(redirectUri: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
  return url.href;
}
