"use server";

import { createSonarServerAction } from "@/lib/sonar";
import { askSonar } from "@/lib/sonar/ask-sonar";
import { listEntities, readOwnEntity, requireOwnEntity, requireReadyEntity } from "@/lib/sonar/entities";
import { entityInput, noInput, purchaseInput, walletInput } from "@/lib/sonar/inputs";
import {
  investmentHistorySchema,
  limitsSchema,
  prePurchaseCheckSchema,
  profileSchema,
  purchasePermitSchema,
} from "@/lib/sonar/responses";

export const getEntities = createSonarServerAction({
  name: "getEntities",
  input: noInput,
  rate: "reads",
  run: (client, _input, context) => listEntities(client, context),
});

export const getEntity = createSonarServerAction({
  name: "getEntity",
  input: entityInput,
  rate: "reads",
  run: readOwnEntity,
});

export const getProfile = createSonarServerAction({
  name: "getProfile",
  input: noInput,
  rate: "reads",
  run: (client) => askSonar(profileSchema, () => client.myProfile()),
});

export const getInvestmentHistory = createSonarServerAction({
  name: "getInvestmentHistory",
  input: noInput,
  rate: "reads",
  run: (client) => askSonar(investmentHistorySchema, () => client.readEntityInvestmentHistory()),
});

export const getLimits = createSonarServerAction({
  name: "getLimits",
  input: walletInput,
  rate: "reads",
  run: (client, { walletAddress }, { saleUUID }) =>
    askSonar(limitsSchema, () => client.fetchLimits({ saleUUID, walletAddress })),
});

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

export const generatePurchasePermit = createSonarServerAction({
  name: "generatePurchasePermit",
  input: purchaseInput,
  rate: "permits",
  async run(client, input, context) {
    const ready = await requireReadyEntity(client, input.entityID, context);
    if (!ready.ok) return ready;
    return askSonar(purchasePermitSchema, () =>
      client.generatePurchasePermit({ saleUUID: context.saleUUID, ...input }),
    );
  },
});
