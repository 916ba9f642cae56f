import { describe, expect, it } from "vitest";
import type { FailureCode, Recovery } from "@/lib/failures";
import { fail, failure, isFailureCode, messageOf, success } from "@/lib/result";

/** The recovery that the UI offers, by code. The type makes a code that is missing here a compile error. */
const RECOVERIES: Record<FailureCode, Recovery> = {
  "oauth/invalid_callback": "reconnect",
  "oauth/invalid_state": "reconnect",
  "oauth/issuer_mismatch": "reconnect",
  "oauth/access_denied": "reconnect",
  "oauth/invalid_grant": "reconnect",
  "oauth/invalid_client": "none",
  "oauth/invalid_request": "none",
  "oauth/invalid_scope": "none",
  "oauth/unauthorized_client": "none",
  "oauth/unsupported_grant_type": "none",
  "oauth/network_error": "retry",
  "oauth/invalid_response": "retry",
  "oauth/refresh_refused": "reconnect",
  "auth/invalid_refresh_token": "reconnect",
  "api/unauthorized": "reconnect",
  "api/forbidden": "none",
  "api/not_found": "none",
  "api/invalid_request": "none",
  "api/rate_limited": "retry",
  "api/server_error": "retry",
  "api/network_error": "retry",
  "api/invalid_response": "retry",
  "sale/entity_not_ready": "none",
  "sale/purchase_not_cleared": "retry",
  "sale/terms_not_accepted": "accept-terms",
  "sale/terms_changed": "accept-terms",
  "sale/purchase_refused": "none",
  "sale/paused_by_site": "retry",
  "sale/not_announced": "none",
  "sale/wrong_contract": "none",
  "sale/unsupported_contract": "none",
  "sale/not_evm": "none",
  "sale/activity_incomplete": "retry",
  "sale/no_entities": "retry",
  "chain/unreachable": "retry",
  "login/unknown_state": "sign-in",
  "login/too_many": "sign-in",
  "login/replayed": "sign-in",
  "login/other_browser": "sign-in",
  "login/expired": "sign-in",
  "login/token_expired": "sign-in",
  "login/invalid_answer": "sign-in",
  "login/issuer_mismatch": "sign-in",
  "login/access_denied": "sign-in",
  "login/unavailable": "sign-in",
  "login/not_accepted": "none",
  "login/not_set_up": "none",
  "session/missing": "sign-in",
  "session/refused": "sign-in",
  "session/not_ended": "sign-in",
  "session/not_everywhere": "sign-in",
  "connection/not_connected": "reconnect",
  "connection/reconnect_required": "reconnect",
  "connection/unknown_provider": "none",
  "config/missing": "none",
  "request/cross_site": "retry",
  "request/too_large": "none",
  "request/outdated_page": "reload",
  "request/offline": "retry",
  "request/unreadable_answer": "retry",
  "request/no_database": "retry",
  "request/unexpected": "retry",
};

const codes = Object.keys(RECOVERIES).filter(isFailureCode);

describe("the table of failures", () => {
  it("holds every code of the type", () => {
    expect(codes).toEqual(Object.keys(RECOVERIES));
  });

  it.each(codes)("%s says what happened and what to do, and offers the right way on", (code) => {
    const entry = failure(code);
    expect(entry.message).toMatch(/^\S.*\.$/);
    expect(entry.suggestion).toMatch(/^\S.*\.$/);
    expect(entry.docs_url).toBe(`/oauth/error?code=${encodeURIComponent(code)}`);
    expect(entry.recovery).toBe(RECOVERIES[code]);
  });

  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "", "oauth/unknown", "OAUTH/INVALID_STATE"])(
    "%s is no code",
    (text) => expect(isFailureCode(text)).toBe(false),
  );
});

describe("the message of a failure", () => {
  it("names the service that the page is about, Sonar where nothing else is said", () => {
    expect(messageOf(failure("api/server_error"))).toBe("Sonar had an internal error.");
    expect(messageOf(failure("api/server_error"), "Plain")).toBe("Plain had an internal error.");
    expect(messageOf(failure("chain/unreachable"), "Plain")).toBe("The chain could not be reached.");
  });
});

describe("failure", () => {
  it("tells apart causes that share a code", () => {
    const messages = [undefined, "timeout", "unreachable", "overloaded", "server_error"] as const;
    const texts = messages.map((reason) => failure("oauth/network_error", { reason }).message);
    expect(new Set(texts).size).toBe(messages.length);
  });

  it("falls back to the code's own sentence where the table has none for the reason", () => {
    const { message } = failure("oauth/access_denied");
    expect(failure("oauth/access_denied", { reason: "timeout" })).toMatchObject({ message, reason: "timeout" });
  });

  it("carries the upstream's status, and nothing that was not given", () => {
    expect(failure("api/forbidden", { status: 403 }).status).toBe(403);
    expect(Object.keys(failure("api/forbidden"))).toEqual(["code", "message", "suggestion", "docs_url", "recovery"]);
  });

  it("survives the way to the browser", () => {
    const result = fail("oauth/network_error", { reason: "timeout", status: 504 });
    expect(structuredClone(result)).toEqual(result);
    expect(success({ n: 1n })).toEqual({ ok: true, data: { n: 1n } });
  });
});
