import { randomUUID } from "node:crypto";
import { createClient, EntitySetupState, SaleEligibility } from "@echoxyz/sonar-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { upstreamFetch } from "@/lib/http/upstream";
import { fail, success } from "@/lib/result";
import { listEntities, readOwnEntity, requireReadyEntity } from "@/lib/sonar/entities";
import { accessToken } from "@/tests/support/oauth/token-server";
import { answerJson, startLocalServer, type LocalServer } from "@/tests/support/local-server";
import { sqliteFile } from "@/tests/support/database/store-bench";
import { useEngineBench } from "@/tests/support/oauth/engine-bench";

const LIST = "/externalapi.ListAvailableEntities";
const READ = "/externalapi.ReadEntity";

function entity(EntityID: string, changes: object = {}) {
  const states = { EntitySetupState: "complete", SaleEligibility: "eligible", InvestingRegion: "eu" };
  return {
    Label: EntityID,
    EntityID,
    SaleSpecificEntityID: `0x${"0".repeat(32)}`,
    EntityType: "user",
    ...states,
    ...changes,
  };
}

describe("the user's entities", () => {
  const bench = useEngineBench(sqliteFile);
  let api: LocalServer;
  let userId: string;
  /** The answers of the list, one after the other; the last one repeats. */
  let lists: object[][];
  /** The answer of ReadEntity. */
  let read: object;

  beforeEach(async () => {
    userId = randomUUID();
    lists = [[entity("AUX-1")]];
    read = entity("AUX-1");
    api = await startLocalServer(({ path }, response) => {
      if (path === READ) return answerJson(response, 200, { Entity: read });
      answerJson(response, 200, { Entities: lists.length > 1 ? lists.shift() : lists[0] });
    });
    await bench().connected(userId, 3_600);
  });

  afterEach(() => api.close());

  const asked = () => api.requests.map(({ path }) => path);
  const TOKEN = accessToken("one");
  const client = (token = TOKEN) => {
    const made = createClient({ apiURL: api.origin, fetch: upstreamFetch("test", bench().deadline(), () => true) });
    made.setToken(token);
    return made;
  };
  const context = () => ({
    saleUUID: "sale-uuid",
    userId,
    engine: bench().one.engine,
    deadline: bench().deadline(),
  });

  describe("listed", () => {
    it("are those of the app's sale, asked for once", async () => {
      expect(await listEntities(client(), context())).toMatchObject({ data: { Entities: [{ EntityID: "AUX-1" }] } });
      expect(api.requests.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
        [LIST, { SaleUUID: "sale-uuid" }],
      ]);
    });

    it("right after connecting, when the list is still empty, are asked for again", async () => {
      lists = [[], [entity("AUX-1")]];
      expect(await listEntities(client(), context())).toMatchObject({ data: { Entities: [{ EntityID: "AUX-1" }] } });
      expect(asked()).toEqual([LIST, LIST]);
    });

    it("right after connecting, are none after the list was empty three times", async () => {
      lists = [[]];
      expect(await listEntities(client(), context())).toEqual(success({ Entities: [] }));
      expect(asked()).toHaveLength(3);
    });

    it("long after connecting, are none at once when the list is empty", async () => {
      lists = [[]];
      bench().clock.ahead = 60_000;
      expect(await listEntities(client(), context())).toEqual(success({ Entities: [] }));
      expect(asked()).toHaveLength(1);
    });
  });

  describe("read one by one", () => {
    it("are read when they are the user's own", async () => {
      const result = await readOwnEntity(client(), { entityID: "AUX-1" }, context());
      expect(result).toMatchObject({ ok: true, data: { Entity: { EntityID: "AUX-1", Pending: false } } });
    });

    it("are not asked for when they are somebody else's", async () => {
      expect(await readOwnEntity(client(), { entityID: "AUX-9" }, context())).toEqual(fail("api/not_found"));
      expect(asked()).toEqual([LIST]);
      expect(await readOwnEntity(client(), { entityID: "AUX-9" }, context())).toEqual(fail("api/not_found"));
      expect(asked()).toEqual([LIST]);
    });

    it("are those of the account that is connected now, also just after reconnecting with another one", async () => {
      await readOwnEntity(client(), { entityID: "AUX-1" }, context());
      lists = [[entity("AUX-2")]];
      const again = client(accessToken("two"));
      expect(await readOwnEntity(again, { entityID: "AUX-1" }, context())).toEqual(fail("api/not_found"));
      expect((await readOwnEntity(again, { entityID: "AUX-2" }, context())).ok).toBe(true);
    });

    it("by a wallet are shown only when they are the user's own", async () => {
      const input = { walletAddress: `0x${"ab".repeat(20)}` };
      expect((await readOwnEntity(client(), input, context())).ok).toBe(true);
      read = entity("AUX-9");
      expect(await readOwnEntity(client(), input, context())).toEqual(fail("api/not_found"));
    });
  });

  describe("that need a permit", () => {
    const readyFor = (entityID: string) => requireReadyEntity(client(), entityID, context());
    const states = Object.values(EntitySetupState).flatMap((setup) =>
      Object.values(SaleEligibility).map((eligibility) => [setup, eligibility] as const),
    );

    it.each(states)("are ready only when complete and eligible: %s, %s", async (setup, eligibility) => {
      lists = [[entity("AUX-1", { EntitySetupState: setup, SaleEligibility: eligibility })]];
      const ready = setup === "complete" && eligibility === "eligible";
      expect(await readyFor("AUX-1")).toEqual(ready ? success(undefined) : fail("sale/entity_not_ready"));
    });

    it.each([{ EntitySetupState: "new-state" }, { SaleEligibility: "new-state" }])(
      "are not ready in a state this app does not know: %j",
      async (unknown) => {
        lists = [[entity("AUX-1", unknown)]];
        expect(await readyFor("AUX-1")).toEqual(fail("sale/entity_not_ready"));
      },
    );

    it("are read again each time", async () => {
      lists = [[entity("AUX-1")], [entity("AUX-1", { SaleEligibility: "not-eligible" })]];
      expect([await readyFor("AUX-1"), await readyFor("AUX-1")]).toEqual([
        success(undefined),
        fail("sale/entity_not_ready"),
      ]);
    });

    it("are refused when they are somebody else's, the second time without a request", async () => {
      expect([await readyFor("AUX-9"), await readyFor("AUX-9")]).toEqual([
        fail("api/not_found"),
        fail("api/not_found"),
      ]);
      expect(asked()).toEqual([LIST]);
    });
  });
});
