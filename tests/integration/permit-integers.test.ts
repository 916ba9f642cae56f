import { createClient } from "@echoxyz/sonar-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deadlineIn } from "@/lib/http/deadline";
import { upstreamFetch } from "@/lib/http/upstream";
import { readPermit } from "@/lib/purchase/permit";
import { askSonar, purchasePermitSchema } from "@/lib/sonar/responses";
import { startLocalServer } from "@/tests/support/local-server";
import { somePermit } from "@/tests/support/purchase/some-purchase";

let body = "";
let server: Awaited<ReturnType<typeof startLocalServer>>;

beforeAll(async () => {
  server = await startLocalServer((_, response) => {
    response.writeHead(200, { "Content-Type": "application/json" }).end(body);
  });
});
afterAll(() => server.close());

/** The permit as it arrives when `field` is written on the wire with these digits. */
async function permitWith(field: string, digits: string) {
  const json = JSON.stringify({ PermitJSON: somePermit(), Signature: `0x${"1f".repeat(65)}` });
  body = json.replace(new RegExp(`"${field}":\\d+`), `"${field}":${digits}`);
  const client = createClient({ apiURL: server.origin, fetch: upstreamFetch("test", deadlineIn(5_000), () => false) });
  const request = { saleUUID: "sale", entityID: "entity", walletAddress: "0x" };
  return askSonar(purchasePermitSchema, () => client.generatePurchasePermit(request));
}

it.each(["ExpiresAt", "OpensAt", "ClosesAt", "MinPrice", "MaxPrice"])(
  "a permit whose %s a JSON number cannot hold exactly is refused by that name, not used rounded",
  async (field) => {
    for (const digits of ["9007199254740992", "9007199254740993", "18446744073709551615"]) {
      const answer = await permitWith(field, digits);
      const read = answer.ok && readPermit(answer.data.PermitJSON);
      const problem = { kind: "inexact-integer", sentence: expect.stringContaining(`The number ${field} in`) };
      expect(read).toMatchObject({ ok: false, problem });
    }
  },
);

it("the greatest integer that arrives exactly is passed on to the unit", async () => {
  const answer = await permitWith("MaxPrice", "9007199254740991");
  const read = answer.ok && readPermit(answer.data.PermitJSON);
  expect(read).toMatchObject({ ok: true, value: { permit: { maxPrice: 9_007_199_254_740_991n } } });
});
