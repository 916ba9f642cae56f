import { LOGIN_FAILURES } from "@/lib/login-failures";
import { REPORT } from "@/lib/sale/problem";

/** The way out of a failure that the UI offers. Components switch on this, never on codes. */
export type Recovery = "none" | "retry" | "reload" | "reconnect" | "sign-in" | "accept-terms";

interface FailureText {
  message: string;
  suggestion: string;
}

/** One row of the table. */
export interface FailureEntry extends FailureText {
  recovery: Recovery;
  variants?: Partial<Record<FailureReason, FailureText>>;
}

/** The causes within a code, to recognise one in a query string. */
export const REASONS = ["expired", "timeout", "unreachable", "overloaded", "server_error", "updating"] as const;

/** A cause within a code that has its own sentence. */
export type FailureReason = (typeof REASONS)[number];

const CONNECT_AGAIN = "Connect again. This does not change your account.";
const TRY_LATER = "Wait a moment and try again.";
const CHECK_CONNECTION = "Check your internet connection and try again.";

const REPORT_WITH_CODE = `${REPORT} Include the code shown here.`;

const upstreamVariants: FailureEntry["variants"] = {
  timeout: { message: "The service did not answer in time.", suggestion: TRY_LATER },
  unreachable: { message: "The service could not be reached.", suggestion: TRY_LATER },
  overloaded: { message: "The service is receiving too many requests.", suggestion: TRY_LATER },
  server_error: { message: "The service had an internal error.", suggestion: TRY_LATER },
};

/** The closed table of failure codes: the message, the suggestion, and the recovery that the UI offers. */
export const FAILURES = {
  "oauth/invalid_callback": {
    message: "The address that brought you back is incomplete.",
    suggestion: CONNECT_AGAIN,
    recovery: "reconnect",
  },
  "oauth/invalid_state": {
    message: "This connection attempt is already over, or was started in another browser.",
    suggestion: CONNECT_AGAIN,
    recovery: "reconnect",
    variants: {
      expired: {
        message: "This connection attempt took longer than ten minutes, so it was closed.",
        suggestion: CONNECT_AGAIN,
      },
      updating: {
        message: "This site is being updated or was just changed.",
        suggestion: "Wait a moment, then connect again.",
      },
    },
  },
  "oauth/issuer_mismatch": {
    message: "The answer came from a different service than the one you were sent to.",
    suggestion: "Nothing was connected. Connect again, and report it if it happens twice.",
    recovery: "reconnect",
  },
  "oauth/access_denied": {
    message: "You chose not to give access.",
    suggestion: "Nothing was connected. You can connect whenever you like.",
    recovery: "reconnect",
  },
  "oauth/invalid_grant": {
    message: "This connection attempt was not accepted: it has expired or was already used.",
    suggestion: CONNECT_AGAIN,
    recovery: "reconnect",
  },
  "oauth/invalid_client": {
    message: "The service does not accept this site's registration.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "oauth/invalid_request": {
    message: "The service did not understand this site's request.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "oauth/invalid_scope": {
    message: "The service does not know a permission that this site asked for.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "oauth/unauthorized_client": {
    message: "The service does not allow this site to connect accounts.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "oauth/unsupported_grant_type": {
    message: "The service does not support the way this site connects.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "oauth/network_error": {
    message: "The service could not complete the connection.",
    suggestion: TRY_LATER,
    recovery: "retry",
    variants: upstreamVariants,
  },
  "oauth/invalid_response": {
    message: "The service answered with something this site cannot read.",
    suggestion: TRY_LATER,
    recovery: "retry",
  },
  "oauth/refresh_refused": {
    message: "The service did not renew your connection.",
    suggestion:
      "Connect again. If that does not help, report it to the operator of this site with the code shown here.",
    recovery: "reconnect",
  },
  "auth/invalid_refresh_token": {
    message: "Your connection has ended.",
    suggestion: CONNECT_AGAIN,
    recovery: "reconnect",
  },
  "api/unauthorized": {
    message: "The service rejected this connection.",
    suggestion: "Reload the page in a moment, or connect again. This does not change your account.",
    recovery: "reconnect",
  },
  "api/forbidden": {
    message: "The service refuses this request of this site.",
    // A firewall in front of it answers so, too, and then nobody could connect again: so nobody is told to disconnect.
    suggestion:
      "Reload the page in a moment. If it stays so, a permission may be missing: connect again and grant all of them.",
    recovery: "none",
  },
  "api/not_found": {
    message: "That was not found.",
    suggestion: "Reload the page to see its current state.",
    recovery: "none",
  },
  "api/invalid_request": {
    message: "That input is not valid.",
    suggestion: "Check your input and try again.",
    recovery: "none",
  },
  "api/rate_limited": {
    message: "Too many requests in a short time.",
    suggestion: "Wait a minute and try again.",
    recovery: "retry",
  },
  "api/server_error": {
    message: "The service had an internal error.",
    suggestion: TRY_LATER,
    recovery: "retry",
  },
  "api/network_error": {
    message: "The service could not be reached.",
    suggestion: TRY_LATER,
    recovery: "retry",
    variants: upstreamVariants,
  },
  "api/invalid_response": {
    message: "The service answered with something this site cannot read.",
    suggestion: TRY_LATER,
    recovery: "retry",
  },
  "sale/entity_not_ready": {
    message: "This entity cannot take part in the sale at the moment.",
    suggestion: "Reload the page to see its current state and what to do next.",
    recovery: "none",
  },
  "sale/purchase_not_cleared": {
    message: "Sonar does not allow this purchase at the moment.",
    suggestion: "Check again to see what you can do.",
    recovery: "retry",
  },
  "sale/terms_not_accepted": {
    message: "The terms of this sale have not been accepted for this entity.",
    suggestion: "Nothing was sent. Read them above the button, then commit again.",
    recovery: "accept-terms",
  },
  "sale/terms_changed": {
    message: "The terms of this sale have changed.",
    suggestion: "Nothing was sent. Read the new ones above the button, then commit again.",
    recovery: "accept-terms",
  },
  "sale/purchase_refused": {
    message: "This site does not let you take part in the sale.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "sale/paused_by_site": {
    message: "This site has paused new commitments.",
    suggestion: "Commitments already made are unchanged. Cancelling and refunds are not affected. Try again later.",
    recovery: "retry",
  },
  "sale/not_announced": {
    message: "The sale's contract has not been announced yet.",
    suggestion: "Come back later. This page will show it once it is announced.",
    recovery: "none",
  },
  "sale/wrong_contract": {
    message: "The contract configured on this site belongs to another sale or is of another kind.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "sale/unsupported_contract": {
    message: "This site does not support this version of the sale's contract.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "sale/not_evm": {
    message: "This sale is on Solana, and this site supports only sales on EVM chains.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "sale/no_entities": {
    message: "The file was not made, because Sonar lists no entity of yours at the moment.",
    suggestion: TRY_LATER,
    recovery: "retry",
  },
  "sale/activity_incomplete": {
    message: "The file was not made, because not all of the chain's blocks could be searched yet.",
    suggestion: TRY_LATER,
    recovery: "retry",
  },
  "chain/unreachable": {
    message: "The chain could not be reached.",
    suggestion: TRY_LATER,
    recovery: "retry",
    variants: { timeout: { message: "The chain did not answer in time.", suggestion: TRY_LATER } },
  },
  ...LOGIN_FAILURES,
  "connection/not_connected": {
    message: "No account is connected.",
    suggestion: "Connect your account first.",
    recovery: "reconnect",
  },
  "connection/reconnect_required": {
    message: "Your connection has ended.",
    suggestion: CONNECT_AGAIN,
    recovery: "reconnect",
  },
  "connection/unknown_provider": {
    message: "There is no service by that name.",
    suggestion: "Go back and choose one from the page.",
    recovery: "none",
  },
  "config/missing": {
    message: "This site is not set up for that service yet.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "request/cross_site": {
    message: "That request did not come from this site's own pages.",
    suggestion: "Open this site at its own address and try again from there.",
    recovery: "retry",
  },
  "request/too_large": {
    message: "Your input is larger than this site accepts.",
    suggestion: "Shorten it and try again.",
    recovery: "none",
  },
  "request/outdated_page": {
    message: "This site was updated while the page was open.",
    suggestion: "Reload the page.",
    recovery: "reload",
  },
  "request/offline": {
    message: "This site could not be reached.",
    suggestion: CHECK_CONNECTION,
    recovery: "retry",
    variants: { timeout: { message: "This site did not answer in time.", suggestion: CHECK_CONNECTION } },
  },
  "request/unreadable_answer": {
    message: "The answer did not come from this site.",
    suggestion: "Your network may ask you to sign in, or this site is restarting. Wait a moment and try again.",
    recovery: "retry",
  },
  "request/no_database": {
    message: "Our database is slow or not available at the moment.",
    suggestion: "Nothing was lost. Try again in a moment.",
    recovery: "retry",
  },
  "request/unexpected": {
    message: "Something went wrong on this site.",
    suggestion: "Try again. If it keeps happening, report it.",
    recovery: "retry",
  },
} as const satisfies Record<string, FailureEntry>;

/** Every code that a Failure can have. */
export type FailureCode = keyof typeof FAILURES;
