import { REPORT } from "@/lib/sale/problem";

const SIGN_IN_AGAIN = "You were not signed in. Sign in again.";
const TRY_LATER = "You were not signed in. Wait a moment, then sign in again.";
const REPORT_WITH_CODE = `${REPORT} Include the code shown here.`;

/** The failures of signing in and out, mostly through an identity provider: a part of the table in `lib/failures.ts`. */
export const LOGIN_FAILURES = {
  "login/too_many": {
    message: "There were too many sign-ins from your network within a minute.",
    suggestion: "You were not signed in. Wait a minute, then sign in again.",
    recovery: "sign-in",
  },
  "login/unknown_state": {
    message: "The address that brought you here belongs to no sign-in that this browser has started.",
    suggestion: SIGN_IN_AGAIN,
    recovery: "sign-in",
  },
  "login/replayed": {
    message: "This sign-in was already used, and works only once.",
    suggestion: SIGN_IN_AGAIN,
    recovery: "sign-in",
  },
  "login/other_browser": {
    message: "This sign-in was started in another browser, or this browser keeps no cookies.",
    suggestion: "You were not signed in. Sign in again, and stay in one browser.",
    recovery: "sign-in",
  },
  "login/expired": {
    message: "This sign-in took longer than ten minutes, so it was closed.",
    suggestion: SIGN_IN_AGAIN,
    recovery: "sign-in",
  },
  "login/token_expired": {
    message: "The sign-in service has confirmed who you are with a confirmation that is not valid at this time.",
    suggestion: "You were not signed in. Sign in again. If it keeps happening, report it: a clock may be wrong.",
    recovery: "sign-in",
  },
  "login/invalid_answer": {
    message: "The sign-in service has confirmed who you are in a way that this site cannot verify.",
    suggestion: "You were not signed in. Sign in again. If it keeps happening, report it.",
    recovery: "sign-in",
  },
  "login/issuer_mismatch": {
    message: "The answer came from a different sign-in service than the one you were sent to.",
    suggestion: "You were not signed in. Sign in again, and report it if it happens twice.",
    recovery: "sign-in",
  },
  "login/access_denied": {
    message: "You cancelled signing in, or the sign-in service did not let you in.",
    suggestion: "You were not signed in. You can sign in whenever you like.",
    recovery: "sign-in",
  },
  "login/unavailable": {
    message: "The sign-in service could not complete your sign-in.",
    suggestion: TRY_LATER,
    recovery: "sign-in",
    variants: {
      timeout: { message: "The sign-in service did not answer in time.", suggestion: TRY_LATER },
      unreachable: { message: "The sign-in service could not be reached.", suggestion: TRY_LATER },
      overloaded: { message: "The sign-in service is receiving too many requests.", suggestion: TRY_LATER },
      server_error: { message: "The sign-in service had an internal error.", suggestion: TRY_LATER },
      updating: { message: "This site is being updated or was just changed.", suggestion: TRY_LATER },
    },
  },
  "login/not_accepted": {
    message: "The sign-in service does not accept this site's registration or request.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "login/not_set_up": {
    message: "Signing in is not set up on this site.",
    suggestion: REPORT_WITH_CODE,
    recovery: "none",
  },
  "session/missing": {
    message: "You are not signed in.",
    suggestion: "Sign in, then connect from here.",
    recovery: "sign-in",
  },
  "session/refused": {
    message: "You could not be signed in.",
    suggestion: "Check what you entered and sign in again.",
    recovery: "sign-in",
  },
  "session/not_ended": {
    message: "You are signed out in this browser, but this site could not end the session on its server.",
    suggestion:
      "It expires within seven days. If your accounts are still connected when you sign in again, disconnect them.",
    recovery: "sign-in",
  },
  "session/not_everywhere": {
    message: "Your session in this browser had already ended, so this request signed out no other browser.",
    suggestion: "Sign in again to see the browsers that you are still signed in with, and sign out everywhere.",
    recovery: "sign-in",
  },
} as const;
