import "server-only";
import { z } from "zod";
import {
  address,
  database,
  encryptionKeys,
  hasUserInfo,
  hostNames,
  isPublicUrl,
  issuer,
  listeningHost,
  onOrOff,
  origin,
  origins,
  priceTick,
  projectId,
  publicRpcUrls,
  relayUrl,
  rpcUrls,
  sandboxTokens,
  secureUrl,
  securityContact,
  serverActionsKey,
  sessionSecrets,
  text,
  unixTime,
  urlText,
  USER_INFO,
  uuid,
} from "@/lib/config/env-forms";
import { wholeNumber } from "@/lib/config/env-text";
import {
  collectorHeaders,
  collectorUrl,
  resourceAttributes,
  samplerRatio,
  tracesSampler,
} from "@/lib/config/telemetry-forms";
import { LOG_LEVELS } from "@/lib/http/log";
import { isSecureUrl } from "@/lib/http/secure-url";

/** Every variable that the app, its migrations or Next read, as text. `env.ts` has the defaults, `env-rules.ts` the rules across variables. */
export const environmentSchema = z.object({
  NODE_ENV: z.string().optional(),
  VERCEL: z.string().optional(),
  NODE_OPTIONS: z.string().optional(),
  DEBUG: z.string().optional(),
  NODE_TLS_REJECT_UNAUTHORIZED: z.string().optional(),
  PORT: wholeNumber(1, 65_535).optional(),
  APP_URL: origin.optional(),
  SONAR_CLIENT_UUID: uuid.optional(),
  SONAR_SALE_UUID: uuid.optional(),
  SONAR_REDIRECT_URI: secureUrl.optional(),
  SONAR_API_URL: origin.optional(),
  SONAR_FRONTEND_URL: origin.optional(),
  SESSION_SECRET: sessionSecrets.optional(),
  TOKEN_ENCRYPTION_KEY: encryptionKeys.optional(),
  FORM_ACTION_ORIGINS: origins.optional(),
  LOGIN_ISSUER: issuer.optional(),
  LOGIN_CLIENT_ID: text.max(512, "is too long").optional(),
  LOGIN_CLIENT_SECRET: text.max(512, "is too long").optional(),
  DEMO_SIGN_IN: onOrOff.optional(),
  DATABASE_URL: database(true).optional(),
  DATABASE_DIRECT_URL: database(false).optional(),
  PGSSLMODE: z.string().optional(),
  MIGRATE_ON_START: onOrOff.optional(),
  SALE_CHAIN_ID: wholeNumber(1, 999_999_999_999).optional(),
  SALE_CONTRACT_ADDRESS: address.optional(),
  SALE_FROM_BLOCK: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  RPC_URLS: rpcUrls.optional(),
  PUBLIC_RPC_URLS: publicRpcUrls.optional(),
  SALE_PRICE_TICK: priceTick.optional(),
  SALE_OPENS_AT: unixTime.optional(),
  SALE_CLOSES_AT: unixTime.optional(),
  SALE_PAUSED: onOrOff.optional(),
  EXPLORER_URL: origin.optional(),
  WALLETCONNECT_PROJECT_ID: projectId.optional(),
  WALLETCONNECT_RELAY_URL: relayUrl.optional(),
  SUPPORT_URL: urlText
    .refine((value) => isSecureUrl(value) || /^mailto:\S+@\S+$/.test(value), "must be an https or mailto URL")
    .refine((value) => !hasUserInfo(value), USER_INFO)
    .optional(),
  KEEP_ALIVE_SECONDS: wholeNumber(1, 3_600).optional(),
  SHUTDOWN_DRAIN_MS: wholeNumber(0, 120_000).optional(),
  SHUTDOWN_MS: wholeNumber(1_000, 600_000).optional(),
  TRUSTED_PROXIES: wholeNumber(0, 10).optional(),
  HEADERS_SECONDS: wholeNumber(1, 600).optional(),
  REQUEST_SECONDS: wholeNumber(1, 3_600).optional(),
  STALLED_SECONDS: wholeNumber(1, 3_600).optional(),
  DEV_HOSTNAME: listeningHost.optional(),
  SECURITY_CONTACT: securityContact.optional(),
  SECURITY_POLICY_URL: urlText.refine((value) => isPublicUrl(value), "must be an https URL").optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).optional(),
  UPSTREAM_TIMEOUT_MS: wholeNumber(500, 50_000).optional(),
  UPSTREAM_MAX_BYTES: wholeNumber(10_000, 100_000_000).optional(),
  RATE_SIGN_IN_PER_MINUTE: wholeNumber(1, 100_000).optional(),
  RATE_CONNECT_PER_MINUTE: wholeNumber(1, 100_000).optional(),
  RATE_CONNECT_PER_ADDRESS_PER_MINUTE: wholeNumber(1, 100_000).optional(),
  RATE_CALLBACK_PER_ADDRESS_PER_MINUTE: wholeNumber(1, 100_000).optional(),
  RATE_READS_PER_MINUTE: wholeNumber(1, 100_000).optional(),
  RATE_PERMIT_PER_MINUTE: wholeNumber(1, 100_000).optional(),
  AUDIT_DAYS: wholeNumber(1, 36_500).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collectorUrl.optional(),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: collectorUrl.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: collectorHeaders.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.literal("http/json", "must be http/json, the one form that this app sends").optional(),
  OTEL_SERVICE_NAME: text.max(255, "is too long").optional(),
  OTEL_RESOURCE_ATTRIBUTES: resourceAttributes.optional(),
  OTEL_TRACES_SAMPLER: tracesSampler.optional(),
  OTEL_TRACES_SAMPLER_ARG: samplerRatio.optional(),
  OTEL_METRIC_EXPORT_INTERVAL: wholeNumber(1_000, 3_600_000).optional(),
  SANDBOX: onOrOff.optional(),
  SANDBOX_PORT: wholeNumber(1, 65_500).optional(),
  SANDBOX_CHAIN_ID: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  SANDBOX_PAYMENT_TOKENS: sandboxTokens.optional(),
  SANDBOX_HOSTS: hostNames.optional(),
  SANDBOX_DEMO: onOrOff.optional(),
  // A permit is valid for ten minutes. It must not outlive the chain that it was made for, or others could send its transaction again.
  SANDBOX_RESET_MINUTES: wholeNumber(15, 1_440).optional(),
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: serverActionsKey.optional(),
});

/** The environment after parsing, before defaults. */
export type Environment = z.infer<typeof environmentSchema>;

/** A text for each required variable of a schema; for the others, one may be given. */
export type SampleValues<Schema extends z.ZodObject> = Readonly<
  {
    [Name in keyof Schema["shape"] as undefined extends z.input<Schema["shape"][Name]> ? never : Name]: string;
  } & { [Name in keyof Schema["shape"]]?: string }
>;

/** One problem of the configuration. It names the variable and never shows its value. */
export interface EnvProblem {
  variable: string;
  problem: string;
}
