import { describe, expect, it } from "vitest";
import { PrePurchaseFailureReason } from "@echoxyz/sonar-core";
import {
  safeLivenessUrl,
  describeReadiness,
  outsideTimeWindow,
  type PurchaseReadiness,
} from "@/lib/purchase/readiness";
import { sandboxEchoOrigin } from "@/lib/config/sandbox";

const LIVENESS_URL = "https://app.echo.xyz/liveness/1";
const sandboxOrigin = sandboxEchoOrigin();

function readiness(FailureReason: string, LivenessCheckURL = ""): Extract<PurchaseReadiness, { ready: false }> {
  const described = describeReadiness({ ReadyToPurchase: false, FailureReason, LivenessCheckURL });
  if (described.ready) throw new Error("is ready");
  return described;
}

/** sonar.md 2.4. */
const EXPECTED: Record<`${PrePurchaseFailureReason}`, { says: RegExp; action: string }> = {
  "requires-liveness": { says: /face check/, action: "liveness" },
  "wallet-risk": { says: /risk screening.*another wallet/, action: "other-wallet" },
  "max-wallets-used": { says: /reached its wallet limit.*used before/, action: "other-wallet" },
  "wallet-not-linked": { says: /not linked.*Link it on Sonar/, action: "link-wallet" },
  "sale-not-active": { says: /not open.*operator/, action: "support" },
  "outside-time-window": { says: /window/, action: "check-again" },
  unknown: { says: /a reason that this site does not know.*Check again/, action: "check-again" },
};

describe("a purchase that Sonar clears", () => {
  it("is ready, whatever else the answer carries", () => {
    for (const FailureReason of ["", "unknown", "wallet-risk"]) {
      const check = { ReadyToPurchase: true, FailureReason, LivenessCheckURL: LIVENESS_URL };
      expect(describeReadiness(check)).toEqual({ ready: true });
    }
  });
});

describe("a purchase that Sonar does not clear", () => {
  it.each(Object.values(PrePurchaseFailureReason))("because of %s has its own sentence and way forward", (reason) => {
    const described = readiness(reason, LIVENESS_URL);
    expect(described.reason).toBe(reason);
    expect(described.sentence).toMatch(EXPECTED[reason].says);
    expect(described.action.kind).toBe(EXPECTED[reason].action);
  });

  it("has as many sentences as there are reasons", () => {
    const sentences = Object.values(PrePurchaseFailureReason).map((reason) => readiness(reason, LIVENESS_URL).sentence);
    expect(new Set(sentences).size).toBe(Object.keys(EXPECTED).length);
  });

  it.each(["", "no-custom-commitment-amount-limit", "__proto__", "constructor", "WALLET-RISK"])(
    "for the unlisted reason %j is handled as unknown",
    (reason) => {
      expect(readiness(reason)).toEqual(readiness("unknown"));
    },
  );

  it("offers the face check with its address", () => {
    expect(readiness("requires-liveness", LIVENESS_URL).action).toEqual({ kind: "liveness", url: LIVENESS_URL });
  });

  it.each(["", "javascript:alert(1)", "http://app.echo.xyz/liveness"])(
    "offers no face check at the address %j, and says so",
    (url) => {
      const described = readiness("requires-liveness", url);
      expect(described).toMatchObject({ reason: "requires-liveness", action: { kind: "check-again" } });
      expect(described.sentence).toMatch(/missing or unsafe/);
    },
  );

  it("in the sandbox offers the sandbox's own face check", () => {
    const url = `${sandboxOrigin}/liveness/1`;
    const check = { ReadyToPurchase: false, FailureReason: "requires-liveness", LivenessCheckURL: url };
    expect(describeReadiness(check, { sandboxOrigin })).toMatchObject({ action: { kind: "liveness", url } });
    expect(describeReadiness(check)).toMatchObject({ action: { kind: "check-again" } });
  });
});

describe("an entity outside its own window", () => {
  const window = { opensAt: 1_800_000_000n, closesAt: 1_800_086_400n };

  it.each([
    ["before it", window, 1_799_999_999n, /Its time window opens on 15 Jan 2027, 08:00 UTC\.$/],
    ["after it", window, 1_800_086_400n, /Its time window ended on 16 Jan 2027, 08:00 UTC\.$/],
    ["within it, where Sonar knows otherwise", window, 1_800_000_000n, /Its time window is not open\.$/],
    ["while it is not known", undefined, 1_800_000_000n, /Its time window is not open\.$/],
  ])("%s is told what is known", (_name, known, now, sentence) => {
    expect(outsideTimeWindow(known, now)).toMatchObject({
      reason: "outside-time-window",
      action: { kind: "check-again" },
    });
    expect(outsideTimeWindow(known, now).sentence).toMatch(sentence);
  });
});

describe("the address of a face check", () => {
  it.each(["https://app.echo.xyz/x?y=1#z", "https://localhost:8443/"])("%s may be opened", (url) => {
    expect(safeLivenessUrl(url)).toBe(url);
  });

  it.each([
    "",
    "not an address",
    "/relative",
    "//evil.example/x",
    "http://app.echo.xyz/",
    "javascript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "blob:https://app.echo.xyz/1",
    "ftp://app.echo.xyz/",
    "https://app.echo.xyz@evil.example/",
    "https://user:secret@app.echo.xyz/",
  ])("%j may not", (url) => {
    expect(safeLivenessUrl(url)).toBeUndefined();
    expect(safeLivenessUrl(url, sandboxOrigin)).toBeUndefined();
  });

  it.each([
    "http://127.0.0.1:4011/",
    "http://localhost:4010/",
    "http://127.0.0.1:4010.evil.example/",
    "http://127.0.0.1:4010@evil.example/",
    `blob:${sandboxOrigin}/1`,
  ])("%s is not the sandbox's", (url) => {
    expect(safeLivenessUrl(url, sandboxOrigin)).toBeUndefined();
  });
});
