/** Echo's API is called by browsers too; a bearer token is no ambient credential, so any origin may read the answers. */
export const CORS_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "retry-after",
} as const;

/** The answer to a preflight: JSON content type and the authorization header are what sonar-core sends. */
export const PREFLIGHT_HEADERS = {
  ...CORS_HEADERS,
  "access-control-allow-methods": "POST",
  "access-control-allow-headers": "authorization, content-type",
  "access-control-max-age": "600",
} as const;
