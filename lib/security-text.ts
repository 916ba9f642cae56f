const DAY_MS = 24 * 60 * 60 * 1_000;

/** RFC 9116 section 2.5.5 recommends less than a year. */
const VALID_DAYS = 180;

interface SecurityFacts {
  contact: string;
  policyUrl?: string;
  /** This site's origin. */
  appUrl: string;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * The text of `security.txt` (RFC 9116). It is written anew for each request, so that it never expires while the site runs; the time ends with a
 * day, so that the file is the same all day. Its own address is named only on https: the RFC allows no other.
 */
export function securityText({ contact, policyUrl, appUrl, now }: SecurityFacts): string {
  const expires = new Date((Math.floor(now / DAY_MS) + VALID_DAYS) * DAY_MS);
  const fields = [
    ["Contact", contact],
    ["Expires", expires.toISOString().replace(".000Z", "Z")],
    ["Canonical", appUrl.startsWith("https:") ? `${appUrl}/.well-known/security.txt` : undefined],
    ["Policy", policyUrl],
  ];
  return fields
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
}
