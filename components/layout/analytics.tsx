interface AnalyticsProps {
  /** Scripts run only with it (Content-Security-Policy). */
  nonce: string;
}

/** The place for a fork's analytics, on every page of a live site and never in the sandbox. This site has none. */
export function Analytics(_props: AnalyticsProps) {
  return null;
}
