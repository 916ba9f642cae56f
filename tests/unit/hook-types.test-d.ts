import type * as sonarReact from "@echoxyz/sonar-react";
import { expectTypeOf, test } from "vitest";
import type { useCommitmentData } from "@/hooks/use-sale";
import type { useSonarAuth } from "@/hooks/use-sonar-auth";
import type { useEntityInvestmentHistory, useSonarProfile } from "@/hooks/use-sonar-profile";
import type { useSonarEntities, useSonarEntity } from "@/hooks/use-sonar-entities";
import type { useSonarPurchase } from "@/hooks/use-sonar-purchase";

// Checked by `tsc`: each of our hooks can stand wherever code expects the hook of that name of sonar-react.

test("our hooks take what sonar-react's take and return what sonar-react's return", () => {
  expectTypeOf<typeof useSonarEntities>().toExtend<typeof sonarReact.useSonarEntities>();
  expectTypeOf<typeof useSonarEntity>().toExtend<typeof sonarReact.useSonarEntity>();
  expectTypeOf<typeof useSonarProfile>().toExtend<typeof sonarReact.useSonarProfile>();
  expectTypeOf<typeof useSonarPurchase>().toExtend<typeof sonarReact.useSonarPurchase>();
  expectTypeOf<typeof useEntityInvestmentHistory>().toExtend<typeof sonarReact.useEntityInvestmentHistory>();
  expectTypeOf<typeof useCommitmentData>().toExtend<typeof sonarReact.useCommitmentData>();
  // The callback is the server's.
  type Auth = Omit<ReturnType<typeof sonarReact.useSonarAuth>, "completeOAuth">;
  expectTypeOf<typeof useSonarAuth>().toExtend<() => Auth>();
});
