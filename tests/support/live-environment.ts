import { ownSamples } from "@/lib/config/own-settings";

/** The smallest environment of a site that is live. A fork's required variables have the values that the sandbox gives them. */
export const liveEnvironment = {
  NODE_ENV: "production",
  APP_URL: "https://sale.example.com",
  SONAR_CLIENT_UUID: "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
  SONAR_SALE_UUID: "2b4e28ba-2fa1-41d2-883f-0016d3cca427",
  SESSION_SECRET: "a-secret-of-more-than-32-characters",
  TOKEN_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64"),
  ...ownSamples,
};
