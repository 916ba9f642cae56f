"use server";

import { createSonarServerAction } from "@/lib/sonar";
import { readOwnActivity } from "@/lib/sonar/activity";
import { listEntities, readOwnEntity } from "@/lib/sonar/entities";
import { entityInput, noInput, permitInput, positionsInput, purchaseInput } from "@/lib/sonar/inputs";
import { checkPurchase, generatePermit } from "@/lib/sonar/permits";
import { readOwnPositions } from "@/lib/sonar/positions";
import { askSonar, investmentHistorySchema, profileSchema } from "@/lib/sonar/responses";

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

/** Sonar's check of whether an entity of the user may buy with a wallet now. */
export const prePurchaseCheck = createSonarServerAction({
  name: "prePurchaseCheck",
  input: purchaseInput,
  rate: "reads",
  run: checkPurchase,
});

/** A permit to buy, for an entity of the user that is ready and cleared by Sonar's own check at this moment; limited per minute. */
export const generatePurchasePermit = createSonarServerAction({
  name: "generatePurchasePermit",
  input: permitInput,
  rate: "permits",
  run: generatePermit,
});

/** Everything that the user's entities did in the sale, as the contract's events report it; newest first. */
export const getActivity = createSonarServerAction({
  name: "getActivity",
  input: positionsInput,
  rate: "reads",
  run: readOwnActivity,
});

/** The user's positions in the sale, by EntityID, as the chain reports them. */
export const getPositions = createSonarServerAction({
  name: "getPositions",
  input: positionsInput,
  rate: "reads",
  run: readOwnPositions,
});
