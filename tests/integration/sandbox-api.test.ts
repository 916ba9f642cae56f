import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { recoverMessageAddress } from "viem";
import type { BasicPermitV3, SonarClient } from "@echoxyz/sonar-core";
import { SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { PERSONAS, findPersona } from "@/sandbox/echo/personas/all-personas";
import { toHex } from "@/sandbox/echo/permits/permit";
import { encodePermit, permitSigner } from "@/sandbox/echo/permits/sign-permit";
import { startEcho, type RunningEcho } from "@/sandbox/echo/server";
import { SandboxClient } from "@/tests/support/sandbox/sandbox-client";
import { REDIRECT_URI, callEcho, connectedClient } from "@/tests/support/sandbox/sandbox-user";

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const OTHER_WALLET = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const saleUUID = SANDBOX_SALE_UUID;

let echo: RunningEcho;
beforeAll(async () => {
  echo = await startEcho({ port: 0, redirectUris: [REDIRECT_URI] });
});
beforeEach(() => new SandboxClient(echo.origin).reset());
afterAll(() => echo.close());

const as = (persona: string) => connectedClient(echo.origin, persona);
const entityIdOf = (persona: string) => findPersona(persona)?.entities[0]?.details.EntityID ?? "";
const notFound = { status: 404, code: "not_found" };
const forbidden = { status: 403, code: "permission_denied" };
const permitFor = (client: SonarClient, entityID: string, walletAddress: string = WALLET) =>
  client.generatePurchasePermit({ saleUUID, entityID, walletAddress });
const checkFor = (client: SonarClient, entityID: string, walletAddress: string = WALLET) =>
  client.prePurchaseCheck({ saleUUID, entityID, walletAddress });

describe("reading", () => {
  it("gives the profile, with an email address only if it was granted", async () => {
    expect(await (await as("ada")).myProfile()).toEqual({
      EntityID: entityIdOf("ada"),
      EmailAddress: "ada@example.com",
    });
    expect(await (await as("no-email")).myProfile()).toEqual({ EntityID: entityIdOf("no-email") });
  });

  it("gives every persona exactly its own entities", async () => {
    for (const persona of PERSONAS.filter(({ listing }) => listing === undefined)) {
      const { Entities } = await (await as(persona.id)).listAvailableEntities({ saleUUID });
      expect(Entities).toEqual(persona.entities.map(({ details }) => details));
    }
  });

  it("gives a list whose order changes from call to call", async () => {
    const client = await as("katherine");
    const first = await client.listAvailableEntities({ saleUUID });
    const second = await client.listAvailableEntities({ saleUUID });
    expect(second.Entities).not.toEqual(first.Entities);
    expect(second.Entities).toHaveLength(3);
  });

  it("gives a slow account an empty list twice after every connect, then its entity", async () => {
    for (const client of [await as("slow"), await as("slow")]) {
      const lengths = [];
      for (let read = 0; read < 3; read += 1)
        lengths.push((await client.listAvailableEntities({ saleUUID })).Entities.length);
      expect(lengths).toEqual([0, 0, 1]);
    }
  });

  it("gives one entity by its id", async () => {
    const { Entity } = await (await as("ada")).readEntity({ saleUUID, entityID: entityIdOf("ada") });
    expect(Entity).toEqual(findPersona("ada")?.entities[0]?.details);
  });

  it("gives the investment history", async () => {
    expect((await (await as("ada")).readEntityInvestmentHistory()).Investments).toHaveLength(2);
    expect((await (await as("grace")).readEntityInvestmentHistory()).Investments).toEqual([]);
  });

  it("gives commitment data without a token: 100 rows, newest first, and the totals of all", async () => {
    const response = await callEcho(echo.origin, "/sonar/v1/public/read-commitment-data", { SaleUUID: saleUUID });
    const data = await response.json();
    expect(data.Commitments).toHaveLength(100);
    expect(data.UniqueCommitmentCount).toBe(321);
    expect(data.PaymentTokenDecimals).toBe(6);
    const times: number[] = data.Commitments.map((row: { CreatedAt: string }) => Date.parse(row.CreatedAt));
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });
});

describe("wallets and limits", () => {
  it("are linked by a check that passes: limits and the entity can then be read by wallet", async () => {
    const client = await as("grace");
    const entityID = entityIdOf("grace");
    await expect(client.fetchLimits({ saleUUID, walletAddress: WALLET })).rejects.toMatchObject(notFound);
    await expect(client.readEntity({ saleUUID, walletAddress: WALLET })).rejects.toMatchObject(notFound);
    expect(await checkFor(client, entityID)).toEqual({
      ReadyToPurchase: true,
      FailureReason: "",
      LivenessCheckURL: "",
    });
    expect(await client.fetchLimits({ saleUUID, walletAddress: WALLET.toLowerCase() })).toEqual({
      HasCustomCommitmentAmountLimit: true,
      MinCommitmentAmount: "250000000",
      MaxCommitmentAmount: "2500000000",
    });
    expect((await client.readEntity({ saleUUID, walletAddress: WALLET })).Entity.EntityID).toBe(entityID);
    await expect(client.readEntity({ saleUUID, entityID: "AUX-OTHER", walletAddress: WALLET })).rejects.toMatchObject(
      notFound,
    );
    await expect(client.fetchLimits({ saleUUID, walletAddress: OTHER_WALLET })).rejects.toMatchObject(notFound);
  });

  it("are linked by a permit too", async () => {
    const client = await as("mary");
    await permitFor(client, entityIdOf("mary"), OTHER_WALLET);
    const { MaxCommitmentAmount } = await client.fetchLimits({ saleUUID, walletAddress: OTHER_WALLET });
    expect(MaxCommitmentAmount).toBe((2n ** 256n - 1n).toString());
  });

  it("of one user are unknown to another", async () => {
    await checkFor(await as("ada"), entityIdOf("ada"));
    await expect((await as("grace")).fetchLimits({ saleUUID, walletAddress: WALLET })).rejects.toMatchObject(notFound);
  });
});

describe("the pre-purchase check", () => {
  it.each([
    ["satoshi", "wallet-risk"],
    ["margaret", "max-wallets-used"],
    ["shafi", "wallet-not-linked"],
    ["leslie", "sale-not-active"],
    ["dorothy", "outside-time-window"],
    ["niklaus", "outside-time-window"],
    ["kurt", "unknown"],
    ["kathleen", "no-custom-commitment-amount-limit"],
    ["alan", "sale-not-active"],
    ["tony", "sale-not-active"],
  ])("of %s fails with %s", async (persona, FailureReason) => {
    const check = await checkFor(await as(persona), entityIdOf(persona));
    expect(check).toEqual({ ReadyToPurchase: false, FailureReason, LivenessCheckURL: "" });
  });

  it("requires a face check until its page is used, and then passes", async () => {
    const client = await as("hedy");
    const check = await checkFor(client, entityIdOf("hedy"));
    expect(check.FailureReason).toBe("requires-liveness");
    expect(check.LivenessCheckURL).toBe(`${echo.origin}/liveness/${entityIdOf("hedy")}`);
    expect((await fetch(check.LivenessCheckURL)).status).toBe(200);
    expect((await checkFor(client, entityIdOf("hedy"))).ReadyToPurchase).toBe(false);
    expect((await fetch(check.LivenessCheckURL, { method: "POST" })).status).toBe(200);
    expect((await checkFor(client, entityIdOf("hedy"))).ReadyToPurchase).toBe(true);
  });

  it("cannot be passed by another site's page, nor for an entity that needs no face check", async () => {
    const url = `${echo.origin}/liveness/${entityIdOf("hedy")}`;
    expect((await fetch(url, { method: "POST", headers: { origin: "https://evil.example" } })).status).toBe(404);
    expect((await checkFor(await as("hedy"), entityIdOf("hedy"))).ReadyToPurchase).toBe(false);
    expect((await fetch(`${echo.origin}/liveness/${entityIdOf("ada")}`)).status).toBe(404);
  });
});

describe("a purchase permit", () => {
  it("is a V3 permit that the known key signed over every field", async () => {
    const { PermitJSON, Signature } = await permitFor(await as("ada"), entityIdOf("ada"));
    const permit = requireV3(PermitJSON);
    expect(permit.Wallet.toLowerCase()).toBe(WALLET.toLowerCase());
    expect(permit.SaleSpecificEntityID).toBe(findPersona("ada")?.entities[0]?.details.SaleSpecificEntityID);
    expect(permit.ExpiresAt).toBeGreaterThan(Date.now() / 1000 + 500);
    const signer = await recoverMessageAddress({ message: { raw: encodePermit(permit) }, signature: Signature });
    expect(signer).toBe(permitSigner().address);
  });

  it("has dashed ids for a persona whose ids are UUIDs, and the signature of their bytes", async () => {
    const client = await as("dashed");
    const { Entities } = await client.listAvailableEntities({ saleUUID });
    const [entity] = Entities;
    const { PermitJSON, Signature } = await permitFor(client, entity?.EntityID ?? "");
    const permit = requireV3(PermitJSON);
    expect(permit.SaleUUID).toBe(saleUUID);
    expect(permit.SaleSpecificEntityID).toBe(entity?.SaleSpecificEntityID);
    expect(permit.SaleSpecificEntityID).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const [SaleSpecificEntityID, SaleUUID] = [toHex(permit.SaleSpecificEntityID), toHex(permit.SaleUUID)];
    const raw = encodePermit({ ...permit, SaleSpecificEntityID, SaleUUID });
    expect(await recoverMessageAddress({ message: { raw }, signature: Signature })).toBe(permitSigner().address);
  });

  it("is issued before the window and after it, because it states the window", async () => {
    const early = requireV3((await permitFor(await as("dorothy"), entityIdOf("dorothy"))).PermitJSON);
    expect(early.OpensAt).toBeGreaterThan(Date.now() / 1000);
    const late = requireV3((await permitFor(await as("niklaus"), entityIdOf("niklaus"))).PermitJSON);
    expect(late.ClosesAt).toBeLessThan(Date.now() / 1000);
  });

  it.each(["alan", "barbara", "donald", "edsger", "frances", "john", "radia", "tony", "unlisted"])(
    "is refused to %s, who is not verified and eligible",
    async (persona) => {
      await expect(permitFor(await as(persona), entityIdOf(persona))).rejects.toMatchObject(forbidden);
    },
  );

  it.each(["hedy", "satoshi", "margaret", "shafi", "leslie", "kurt", "kathleen"])(
    "is refused to %s, whose pre-purchase check fails",
    async (persona) => {
      await expect(permitFor(await as(persona), entityIdOf(persona))).rejects.toMatchObject(forbidden);
    },
  );
});

describe("another user's entity", () => {
  it("is not found by any call", async () => {
    const client = await as("grace");
    const entityID = entityIdOf("ada");
    await expect(client.readEntity({ saleUUID, entityID })).rejects.toMatchObject(notFound);
    await expect(checkFor(client, entityID)).rejects.toMatchObject(notFound);
    await expect(permitFor(client, entityID)).rejects.toMatchObject(notFound);
  });
});

function requireV3(permit: object): BasicPermitV3 {
  if (!isV3(permit)) throw new Error("not a V3 permit");
  return permit;
}

function isV3(permit: object): permit is BasicPermitV3 {
  return "OpensAt" in permit && "ClosesAt" in permit && "MinPrice" in permit;
}
