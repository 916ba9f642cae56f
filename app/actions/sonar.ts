"use server";

import { createSonarServerAction } from "@/lib/sonar";
import {
  askSonar,
  investmentHistorySchema,
  limitsSchema,
  prePurchaseCheckSchema,
  profileSchema,
  purchasePermitSchema,
} from "@/lib/sonar/responses";
import { requireClearedPurchase } from "@/lib/sonar/permits";
import { listEntities, readOwnEntity, requireOwnEntity, requireReadyEntity } from "@/lib/sonar/entities";
import { entityInput, noInput, permitInput, positionsInput, purchaseInput, walletInput } from "@/lib/sonar/inputs";
import { readOwnPositions } from "@/lib/sonar/positions";

/** The user's entities; right after connecting, an empty list is read again first. */
export const getEntities = createSonarServerAction({
  name: "getEntities",
  input: noInput,
  rate: "reads",
  run: (client, _input, context) => listEntities(client, context),
});

/** One of the user's entities; `api/not_found` for any other. */
export const getEntity = createSonarServerAction({
  name: "getEntity",
  input: entityInput,
  rate: "reads",
  run: readOwnEntity,
});

/** The connected user's profile. */
export const getProfile = createSonarServerAction({
  name: "getProfile",
  input: noInput,
  rate: "reads",
  run: (client) => askSonar(profileSchema, () => client.myProfile()),
});

/** The user's earlier investments through Echo. */
export const getInvestmentHistory = createSonarServerAction({
  name: "getInvestmentHistory",
  input: noInput,
  rate: "reads",
  run: (client) => askSonar(investmentHistorySchema, () => client.readEntityInvestmentHistory()),
});

/** Commitment limits of a wallet, as a hint. */
export const getLimits = createSonarServerAction({
  name: "getLimits",
  input: walletInput,
  rate: "reads",
  run: (client, { walletAddress }, { saleUUID }) =>
    askSonar(limitsSchema, () => client.fetchLimits({ saleUUID, walletAddress })),
});

/** Whether an entity of the user may buy with a wallet now. */
export const prePurchaseCheck = createSonarServerAction({
  name: "prePurchaseCheck",
  input: purchaseInput,
  rate: "reads",
  async run(client, input, context) {
    const own = await requireOwnEntity(client, input.entityID, context);
    if (!own.ok) return own;
    return askSonar(prePurchaseCheckSchema, () => client.prePurchaseCheck({ saleUUID: context.saleUUID, ...input }));
  },
});

/**
 * A permit to buy: only for an entity of the user that is complete, eligible and cleared by Sonar's own check at this moment; limited per
 * minute.
 */
export const generatePurchasePermit = createSonarServerAction({
  name: "generatePurchasePermit",
  input: permitInput,
  rate: "permits",
  async run(client, input, context) {
    const { entityID, walletAddress } = input;
    const ready = await requireReadyEntity(client, entityID, context);
    if (!ready.ok) return ready;
    const cleared = await requireClearedPurchase(client, input, context);
    if (!cleared.ok) return cleared;
    return askSonar(purchasePermitSchema, () =>
      client.generatePurchasePermit({ saleUUID: context.saleUUID, entityID, walletAddress }),
    );
  },
});

/** What the user's entities hold in the sale, by EntityID, as the chain says. */
export const getPositions = createSonarServerAction({
  name: "getPositions",
  input: positionsInput,
  rate: "reads",
  run: readOwnPositions,
});
