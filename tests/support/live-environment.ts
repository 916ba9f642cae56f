import { ownSamples } from "@/lib/config/own-settings";

/** The smallest environment of a site that is live. A fork's required variables have the values that the sandbox gives them. */
export const liveEnvironment = {
  NODE_ENV: "production",
  APP_URL: "https://sale.example.com",
  SONAR_CLIENT_UUID: "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
  SONAR_SALE_UUID: "2b4e28ba-2fa1-41d2-883f-0016d3cca427",
  SESSION_SECRET: "a-secret-of-more-than-32-characters",
  TOKEN_ENCRYPTION_KEY: "Ytp1Fv2kq8Z0Q5o7l4m3bJxXwRr6cEhUuTnSgAdKyD8=",
  ...ownSamples,
};

/** What switches the sandbox on in production: only a site that nobody else can reach may show it. */
export const sandboxHere = { SANDBOX: "1", APP_URL: "https://localhost:8443" };

/** The environment of a site in production that nobody else can reach: it may be led to a Sonar on its own machine. */
export const trialEnvironment = { ...liveEnvironment, APP_URL: sandboxHere.APP_URL };
