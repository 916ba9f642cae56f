import { EntitySetupState as Setup, SaleEligibility as Eligibility } from "@echoxyz/sonar-core";
import { describe, expect, it } from "vitest";
import { failure } from "@/lib/result";
import { journeySteps, type JourneyInput } from "@/lib/journey/journey";
import { foldedSteps, type JourneyStep } from "@/lib/journey/journey-step";
import { chooseEntity } from "@/lib/sonar/entity-choice";
import type { SonarEntity } from "@/lib/sonar/entity";
import type { PurchaseState } from "@/lib/purchase/purchase-state";
import { EVERY_PURCHASE, saleIn, somePosition, somePurchase, someEntity } from "@/tests/support/purchase/some-purchase";

const RETRY = failure("api/network_error", { reason: "timeout" });
const RECONNECT = failure("connection/reconnect_required");
const SIGN_IN = failure("session/missing");
const NONE = failure("config/missing");

const ENTITIES: SonarEntity[] = Object.values(Setup).flatMap((EntitySetupState) =>
  Object.values(Eligibility).map((SaleEligibility) => someEntity({ EntitySetupState, SaleEligibility })),
);

const VIEWS: JourneyInput["entities"][] = [
  { status: "loading" },
  ...[RETRY, RECONNECT, SIGN_IN, NONE].map((cause): JourneyInput["entities"] => ({ status: "failed", failure: cause })),
  ready(),
  ready(someEntity({ Pending: true })),
  ...ENTITIES.map((entity) => ready(entity)),
];

function everyEntity(signedIn: boolean, connected: boolean): JourneyInput[] {
  return VIEWS.flatMap((entities) => [
    { signedIn, connected, entities },
    { signedIn, connected, entities, purchase: somePurchase() },
  ]);
}

const EVERY_INPUT: JourneyInput[] = [
  ...[true, false].flatMap((signedIn) => [true, false].flatMap((connected) => everyEntity(signedIn, connected))),
  ...EVERY_PURCHASE.flatMap((purchase) =>
    [false, true].map((undecided) => ({
      signedIn: true,
      connected: true,
      entities: ready(someEntity(), someEntity({ EntityID: "org" })),
      undecided,
      purchase,
    })),
  ),
];

function ready(...entities: SonarEntity[]): JourneyInput["entities"] {
  return { status: "ready", value: entities };
}

/** In the order in which they are shown. */
const STEPS = ["sign-in", "connect", "entity", "wallet", "commit"] as const;

function journey(changes: Partial<JourneyInput>): Record<(typeof STEPS)[number], JourneyStep> {
  const steps = journeySteps({ signedIn: true, connected: true, entities: { status: "loading" }, ...changes });
  const find = (id: JourneyStep["id"]) => {
    const step = steps.find((one) => one.id === id);
    if (!step) throw new Error(`the step ${id} is missing`);
    return step;
  };
  return {
    "sign-in": find("sign-in"),
    connect: find("connect"),
    entity: find("entity"),
    wallet: find("wallet"),
    commit: find("commit"),
  };
}

describe("in every state of the world", () => {
  // Between and after them, a fork may have steps of its own.
  it("there are the same steps in one order, each with a sentence", () => {
    for (const input of EVERY_INPUT) {
      const steps = journeySteps(input);
      const known = steps.filter(({ id }) => STEPS.some((one) => one === id));
      expect(known.map(({ id }) => id)).toEqual(STEPS);
      expect(steps.every(({ sentence }) => sentence.endsWith(".") || sentence.includes("@"))).toBe(true);
    }
  });

  it("at most one step has an action, and a finished or waiting step has none", () => {
    for (const input of EVERY_INPUT) {
      const withAction = journeySteps(input).filter(({ action }) => action);
      expect(withAction.length).toBeLessThanOrEqual(1);
      for (const { state } of withAction) expect(["now", "blocked"]).toContain(state);
    }
  });

  it("steps after the first unfinished one only wait", () => {
    for (const input of EVERY_INPUT) {
      const states = journeySteps(input).map(({ state }) => state);
      const unfinished = states.findIndex((state) => state !== "done");
      if (unfinished >= 0) expect(states.slice(unfinished + 1).every((state) => state === "waiting")).toBe(true);
    }
  });
});

describe("signing in", () => {
  it("a stranger is asked to sign in, and nothing else", () => {
    const [first, ...later] = journeySteps({ signedIn: false, connected: false, entities: { status: "loading" } });
    expect(first).toMatchObject({ state: "now", action: { kind: "sign-in" } });
    expect(later.map(({ state }) => state)).toEqual(later.map(() => "waiting"));
  });

  it("a session that ended while the page was open asks to sign in again", () => {
    const { "sign-in": step, connect } = journey({ entities: { status: "failed", failure: SIGN_IN } });
    expect(step).toMatchObject({ state: "now", action: { kind: "sign-in" } });
    expect(step.sentence).toContain(SIGN_IN.message);
    expect(connect.state).toBe("waiting");
  });
});

describe("connecting", () => {
  it("who is signed in is asked to connect", () => {
    const { "sign-in": step, connect, entity } = journey({ connected: false });
    expect(step.state).toBe("done");
    expect(connect).toMatchObject({ state: "now", action: { kind: "connect", again: false } });
    expect(entity.state).toBe("waiting");
  });

  it("a connected account is told by its email, where Sonar shares it", () => {
    expect(journey({ profileEmail: "ada@example.com" }).connect).toMatchObject({
      state: "done",
      sentence: "ada@example.com",
    });
    expect(journey({}).connect).toMatchObject({ state: "done", sentence: "Connected." });
  });

  it.each<[string, JourneyInput["entities"]]>([
    ["the failure of reading entities", { status: "failed", failure: RECONNECT }],
    ["the failure of reading entities again", { status: "ready", value: [someEntity()], refreshFailure: RECONNECT }],
  ])("a connection that ended is told once, at this step, from %s", (_source, entities) => {
    const { connect, entity } = journey({ entities });
    expect(connect).toMatchObject({ state: "now", action: { kind: "connect", again: true } });
    expect(connect.sentence).toContain(RECONNECT.message);
    expect(entity).toMatchObject({ state: "waiting" });
  });
});

describe("the entity", () => {
  it("while entities are read, the step says so", () => {
    expect(journey({}).entity).toMatchObject({ state: "now", sentence: "Loading your entities from Sonar." });
  });

  it("entities that could not be read offer another try, and the connection stays", () => {
    const { connect, entity } = journey({ entities: { status: "failed", failure: RETRY } });
    expect(connect.state).toBe("done");
    expect(entity).toMatchObject({ state: "blocked", action: { kind: "in-step" } });
  });

  it("a failure that nothing here can cure offers no button", () => {
    const { entity } = journey({ entities: { status: "failed", failure: NONE } });
    expect(entity.state).toBe("blocked");
    expect(entity.action).toBeUndefined();
  });

  it("entities that were read stay when reading them again fails for the moment", () => {
    const entities: JourneyInput["entities"] = { status: "ready", value: [someEntity()], refreshFailure: RETRY };
    expect(journey({ entities }).entity).toMatchObject({ state: "done", sentence: "Your entity can take part." });
  });

  it("an account without an entity is sent to set one up", () => {
    expect(journey({ entities: ready() }).entity).toMatchObject({ state: "now", action: { kind: "in-step" } });
  });

  it.each([
    ["ready", someEntity(), "done"],
    ["in setup", someEntity({ EntitySetupState: Setup.IN_PROGRESS }), "now"],
    ["in review", someEntity({ EntitySetupState: Setup.IN_REVIEW }), "waiting"],
    ["declined", someEntity({ EntitySetupState: Setup.FAILURE_FINAL }), "blocked"],
    ["not eligible", someEntity({ SaleEligibility: Eligibility.NOT_ELIGIBLE }), "blocked"],
    ["of an unknown state", someEntity({ Pending: true }), "waiting"],
  ])("an entity that is %s decides how the step stands", (_name, entity, state) => {
    expect(journey({ entities: ready(entity) }).entity.state).toBe(state);
  });

  it("the setup of the best entity is the one action, not that of an abandoned duplicate", () => {
    const best = someEntity({ EntityID: "best", EntitySetupState: Setup.IN_PROGRESS });
    const abandoned = someEntity({ EntityID: "abandoned", EntitySetupState: Setup.NOT_STARTED });
    expect(journey({ entities: ready(abandoned, best) }).entity.action).toEqual({ kind: "setup", entityId: "best" });
    expect(journey({ entities: ready(abandoned, someEntity()) }).entity.action).toBeUndefined();
  });

  it("where several can take part and none is chosen, the choice comes before everything else", () => {
    const entities = ready(someEntity(), someEntity({ EntityID: "org", Label: "Johnson Orbital" }));
    const { entity, wallet, commit } = journey({ entities, undecided: true, purchase: somePurchase() });
    expect(entity).toMatchObject({ state: "now", action: { kind: "in-step" } });
    expect(wallet).toMatchObject({ state: "waiting", locked: true });
    expect(wallet.sentence).toBe("Unlocks once you have chosen who takes part.");
    expect(commit).toMatchObject({ state: "waiting", locked: true });
  });

  it("where several can take part, the one that does is named", () => {
    const organisation = someEntity({ EntityID: "org", Label: "Johnson Orbital" });
    const entities = [someEntity(), organisation];
    const chosen = chooseEntity(entities, "org");
    expect(journey({ entities: ready(...entities), ...(chosen && { chosen }) }).entity.sentence).toBe(
      "Taking part as Johnson Orbital. Both of your entities can take part.",
    );
  });
});

describe("the finished steps", () => {
  it("fold into one bar, the commitment not", () => {
    const position = { status: "ready", value: somePosition("committed") } as const;
    const idsOf = (changes: Partial<JourneyInput>) =>
      foldedSteps(journeySteps({ signedIn: true, connected: true, entities: ready(someEntity()), ...changes })).map(
        ({ id }) => id,
      );
    expect(idsOf({ signedIn: false })).toEqual([]);
    expect(idsOf({ connected: false })).toEqual(["sign-in"]);
    expect(idsOf({ purchase: somePurchase({ wallet: { status: "none" } }) })).toEqual(["sign-in", "connect", "entity"]);
    expect(idsOf({ purchase: somePurchase({ position }) })).toEqual(["sign-in", "connect", "entity", "wallet"]);
  });
});

describe("after the entity", () => {
  it("without a contract the wallet is not asked for, and the reason is told", () => {
    const { wallet, commit } = journey({ entities: ready(someEntity()) });
    expect(wallet).toMatchObject({ state: "waiting", sentence: "The sale's contract has not been announced yet." });
    expect(commit.state).toBe("waiting");
  });

  it("the wallet is the next thing to do, and the commitment the one after it", () => {
    const entities = ready(someEntity());
    const before = journey({ entities, purchase: somePurchase({ wallet: { status: "none" } }) });
    expect(before.wallet).toMatchObject({ state: "now", action: { kind: "in-step" } });
    expect(before.commit.state).toBe("waiting");
    const after = journey({ entities, purchase: somePurchase() });
    expect(after.wallet).toMatchObject({ state: "done", sentence: "0x709979…dc79C8 on Sandbox chain." });
    expect(after.commit).toMatchObject({ state: "now", action: { kind: "in-step" } });
  });

  it("an entity that cannot take part is asked for no wallet", () => {
    const entities = ready(someEntity({ SaleEligibility: Eligibility.NOT_ELIGIBLE }));
    expect(journey({ entities, purchase: somePurchase() }).wallet.state).toBe("waiting");
  });
});

describe("an entity that has committed and can no longer take part", () => {
  const entity = someEntity({ SaleEligibility: Eligibility.NOT_ELIGIBLE });
  const entities = ready(entity, someEntity({ EntityID: "able", Label: "Able" }));
  const position = { status: "ready", value: somePosition("committed") } as const;

  function held(changes: Partial<PurchaseState>) {
    return journey({ entities, chosen: entity, purchase: somePurchase({ position, canCommit: false, ...changes }) });
  }

  it("is asked for a wallet to cancel with, and for nothing else", () => {
    const steps = held({ ...saleIn({ kind: "cancellation" }), wallet: { status: "none" } });
    expect(steps.entity).toMatchObject({ sentence: expect.stringContaining("Committed as Ada Lovelace.") });
    expect(steps.wallet).toMatchObject({ state: "now", action: { kind: "in-step" } });
    expect(steps.wallet.locked).toBeUndefined();
    expect(held(saleIn({ kind: "cancellation" })).commit).toMatchObject({ state: "done", title: "Your commitment" });
  });

  it("needs no wallet while it could only commit, and is told that it cannot", () => {
    const { wallet, commit } = held({ wallet: { status: "none" } });
    expect(wallet).toMatchObject({ state: "waiting", sentence: "No wallet is needed at the moment." });
    expect(commit).toMatchObject({ title: "Commit", sentence: "Committed. This entity cannot add to it now." });
    expect(held({}).commit).toEqual(expect.objectContaining({ state: "done", sentence: commit.sentence }));
  });

  it("keeps the page to one primary action", () => {
    const unfinished = someEntity({ EntitySetupState: Setup.IN_PROGRESS });
    const purchase = somePurchase({
      position,
      canCommit: false,
      ...saleIn({ kind: "cancellation" }),
      wallet: { status: "none" },
    });
    const steps = journey({ entities: ready(unfinished), chosen: unfinished, purchase });
    expect(steps.wallet.action).toEqual({ kind: "in-step" });
    expect(steps.entity.action).toBeUndefined();
  });
});

describe("an entity that a wallet is asked for keeps its steps", () => {
  const [entity, refused] = [someEntity(), someEntity({ SaleEligibility: Eligibility.NOT_ELIGIBLE })];
  const purchase = somePurchase({ position: { status: "ready", value: somePosition("none") } });

  it.each([
    ["that is empty", [], entity, /^Taking part as Ada Lovelace\. Sonar does not list it/],
    ["of others", [someEntity({ EntityID: "other" })], entity, /^Taking part as .* does not list it/],
    ["where it is not eligible", [refused], refused, /cannot take part/],
    [
      "of others where it is not eligible",
      [refused, someEntity({ EntityID: "other" })],
      refused,
      /^Ada Lovelace cannot/,
    ],
  ])("on a list %s", (_which, list, chosen, sentence) => {
    const steps = journey({ entities: ready(...list), chosen, held: true, purchase });
    expect(steps.entity.sentence).toMatch(sentence);
    expect([steps.wallet.locked, steps.commit.locked]).toEqual([undefined, undefined]);
  });
});
