import { describe, expect, it } from "vitest";
import {
  EntitySetupState,
  EntityType,
  InvestingRegion,
  PrePurchaseFailureReason,
  SaleEligibility,
} from "@echoxyz/sonar-core";
import { checkPurchase } from "@/sandbox/echo/api/purchase";
import { listedEntities } from "@/sandbox/echo/api/endpoints";
import { PERSONAS, findPersona } from "@/sandbox/echo/personas/all-personas";
import { EMPTY_WALLET, FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { accountOf, accountsFor } from "@/sandbox/echo/personas/accounts";
import { toHex } from "@/sandbox/echo/permits/permit";
import type { Persona } from "@/sandbox/echo/personas/persona";

const entities = PERSONAS.flatMap((persona) => persona.entities);
const details = entities.map((entity) => entity.details);
const reasons = entities.map((entity) => {
  const open = entity.terms.window === "open";
  return checkPurchase(entity, { livenessPassed: false, livenessUrl: "", open }).FailureReason;
});

/** Values that sonar-core's enums list; some personas hold others on purpose. */
const listed: Record<string, string[]> = {
  EntitySetupState: Object.values(EntitySetupState),
  SaleEligibility: Object.values(SaleEligibility),
  InvestingRegion: Object.values(InvestingRegion),
  EntityType: Object.values(EntityType),
};

describe("the personas", () => {
  it.each(Object.entries(listed))("have every %s", (field, values) => {
    const given = details.map((detail) => Object.entries(detail).find(([name]) => name === field)?.[1]);
    expect(given).toEqual(expect.arrayContaining(values));
  });

  it("have every reason of a failed pre-purchase check, and none", () => {
    expect(reasons).toEqual(expect.arrayContaining([...Object.values(PrePurchaseFailureReason), ""]));
  });

  it("include a setup state and a reason that are on no list", () => {
    expect(
      details.some(({ EntitySetupState: state }) => !Object.values<string>(EntitySetupState).includes(state)),
    ).toBe(true);
    const known: string[] = ["", ...Object.values(PrePurchaseFailureReason)];
    expect(reasons.some((reason) => !known.includes(reason))).toBe(true);
  });

  it("have unique ids in Echo's form; exactly one comes without 0x, and one as a UUID", () => {
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    expect(new Set(PERSONAS.map(({ id }) => id)).size).toBe(PERSONAS.length);
    expect(new Set(details.map(({ EntityID }) => EntityID)).size).toBe(details.length);
    const others = details.map(({ EntityID }) => EntityID).filter((id) => !/^AUX-[0-9A-F]{12}$/.test(id));
    expect(others).toEqual([expect.stringMatching(uuid)]);
    const saleIds = details.map(({ SaleSpecificEntityID }) => SaleSpecificEntityID);
    expect(new Set(saleIds.map(toHex)).size).toBe(details.length);
    expect(saleIds.filter((id) => !/^0x[0-9a-f]{32}$/.test(id))).toEqual([
      "c0ffee00c0ffee00c0ffee00c0ffee00",
      expect.stringMatching(uuid),
    ]);
  });

  it("begin with one who bids at price 0, and have one whose bounds are the sale's price, and one in an auction", () => {
    const bounds = (id: string) => {
      const [entity] = PERSONAS.find((persona) => persona.id === id)?.entities ?? [];
      return [entity?.terms.minPrice, entity?.terms.maxPrice];
    };
    expect(bounds(PERSONAS[0]?.id ?? "")).toEqual([0, 0]);
    expect(bounds("emmy")).toEqual([1, 1]);
    expect(bounds("mary")).toEqual([2, 20]);
  });

  it("include one without entities, one without an email address, an empty label and a label with markup", () => {
    expect(PERSONAS.filter((persona) => persona.entities.length === 0)).toHaveLength(1);
    expect(PERSONAS.filter(({ profile }) => profile.EmailAddress === undefined)).toHaveLength(1);
    const labels = details.map(({ Label }) => Label);
    expect(labels.filter((label) => label === "")).toHaveLength(1);
    expect(labels.some((label) => label.length > 150 && label.includes("<script>"))).toBe(true);
  });
});

describe("the first persona", () => {
  it("is Ada Lovelace, who can purchase at once", () => {
    const [ada] = PERSONAS;
    expect(ada).toMatchObject({ id: "ada", name: "Ada Lovelace", profile: { EmailAddress: "ada@example.com" } });
    expect(ada?.investments).toHaveLength(2);
    expect(ada?.entities.map((entity) => entity.details)).toEqual([
      expect.objectContaining({
        Label: "Ada Lovelace",
        EntityType: "user",
        EntitySetupState: "complete",
        SaleEligibility: "eligible",
        InvestingRegion: "other",
      }),
    ]);
  });
});

describe("the accounts of the test wallet", () => {
  it("are one for each persona that no other one uses, the first of them the first usual account", () => {
    const own = PERSONAS.map(accountOf);
    expect(new Set(own).size, "no two share one, and everybody has one").toBe(PERSONAS.length);
    expect(own).not.toContain(undefined);
    expect(own[0]).toBe(FUNDED_WALLETS[0]);
    expect([...FUNDED_WALLETS.slice(1), EMPTY_WALLET].filter((wallet) => own.includes(wallet))).toEqual([]);
  });

  it("begin with the persona's own, and leave out those of others", () => {
    const labels = (id: string) => accountsFor(requirePersona(id)).map(({ label }) => label);
    expect(labels("ada").slice(0, 2)).toEqual(["1, used by Ada", "2, free"]);
    expect(labels("emmy").slice(0, 2)).toEqual(["9, used by Emmy", "2, free"]);
    expect(labels("emmy").at(-1)).toBe("Empty, without tokens");
    expect(accountsFor(undefined)[0]?.address).toBe(FUNDED_WALLETS[0]);
  });
});

describe("an entity list", () => {
  it("of a persona with several entities changes its order and never starts with the best one", () => {
    const person = requirePersona("katherine");
    const labelsAt = (read: number) => listedEntities(person, read).map(({ EntityID }) => EntityID);
    expect(labelsAt(0)).not.toEqual(labelsAt(1));
    expect(labelsAt(0)).toEqual(labelsAt(2));
    expect([...labelsAt(0)].sort()).toEqual([...labelsAt(1)].sort());
    const best = person.entities[0]?.details.EntityID;
    expect([0, 1, 2, 3].map((read) => labelsAt(read)[0])).not.toContain(best);
  });

  it("of a slow account is empty for two reads", () => {
    const slow = requirePersona("slow");
    expect([0, 1, 2, 3].map((read) => listedEntities(slow, read).length)).toEqual([0, 0, 1, 1]);
  });
});

function requirePersona(id: string): Persona {
  const persona = findPersona(id);
  if (!persona) throw new Error(`no persona ${id}`);
  return persona;
}
