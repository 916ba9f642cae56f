import { afterEach, describe, expect, it } from "vitest";
import { deadlineIn } from "@/lib/http/deadline";
import type { ProviderDefinition } from "@/lib/providers/definition";
import { interact } from "@/lib/providers/interact";
import { oncehub } from "@/lib/providers/oncehub";
import { rakomi } from "@/lib/providers/rakomi";
import { fail, success, type Result } from "@/lib/result";
import { startLocalServer, type LocalServer } from "@/tests/support/local-server";

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A call's result for the text of an answer, over HTTP. Every address of the provider is the test's server. */
async function answered(
  definition: ProviderDefinition,
  { call, input = {} }: { call: string; input?: unknown },
  body: string,
): Promise<Result<unknown>> {
  const { origin } = (server = await startLocalServer((_request, response) => void response.end(body)));
  const ready = definition.setUp(() => origin).calls[call]?.prepare(input);
  if (!ready?.ok) throw new Error("the call is not ready");
  return ready.data("access-token", deadlineIn(5_000));
}

const UNREADABLE = fail("api/invalid_response", { status: 200 });

describe("OnceHub's bookings", () => {
  const list = (answer: unknown) => answered(oncehub, { call: "listBookings" }, JSON.stringify(answer));

  it.each([{ object: "list", data: null, has_more: false }, { data: [] }, {}, { data: null, has_more: null }])(
    "may be none, sent as %j",
    async (answer) => {
      expect(await list(answer)).toMatchObject(success({ data: [], has_more: false }));
    },
  );

  it("keep their place in the list although fields are odd; only one without an id is left out", async () => {
    const data = [
      { id: 7, subject: null, status: null, starting_time: "2026-11-20 10:00:00", duration_minutes: "30" },
      { id: null, status: "scheduled" },
      "row",
      { id: "b", subject: 12, status: "scheduled", starting_time: 1795168800, duration_minutes: "half an hour" },
      { id: "c", subject: "Call", status: "x".repeat(2_000) },
      { id: "d", subject: "Call", status: "" },
    ];
    expect(await list({ object: "list", data, has_more: "true" })).toEqual(
      success({
        object: "list",
        data: [
          { id: "7", status: "unknown", starting_time: "2026-11-20T10:00:00.000Z", duration_minutes: 30 },
          { id: "b", subject: "12", status: "scheduled", starting_time: "2026-11-20T10:00:00.000Z" },
          { id: "c", subject: "Call", status: "unknown" },
          { id: "d", subject: "Call", status: "unknown" },
        ],
        has_more: true,
      }),
    );
  });

  it.each([{ error: { message: "down" } }, { data: "none" }, { object: "error" }, { unexpected: [1] }, []])(
    "are no empty list if the answer is %j",
    async (answer) => {
      expect(await list(answer)).toEqual(UNREADABLE);
    },
  );
});

describe("Interact", () => {
  const entry = { call: "writeData", input: { title: "Note", text: "Kept" } };

  it("may send a user's id and name as numbers, and no email", async () => {
    const read = (answer: object) => answered(interact, { call: "readUser" }, JSON.stringify(answer));
    expect(await read({ id: 7, name: null, email: "" })).toEqual(success({ id: "7", name: "" }));
  });

  it.each(["", " ", "{}", '{"id":7,"created_at":"yesterday","title":null}'])(
    "has stored an entry whatever it tells of it, so that nobody sends it twice: %s",
    async (body) => {
      expect(await answered(interact, entry, body)).toMatchObject({ ok: true });
    },
  );

  it.each(["<html>", "[]", '"ok"', '{"error":"quota"}'])(
    "has not said that it stored an entry with %s",
    async (body) => {
      expect(await answered(interact, entry, body)).toEqual(UNREADABLE);
    },
  );
});

describe("Rakomi's identity", () => {
  const read = (answer: object) => answered(rakomi, { call: "userInfo" }, JSON.stringify(answer));

  it.each([
    ["true", true],
    [1, true],
    ["false", false],
    ["perhaps", undefined],
    [null, undefined],
  ])("has an email that is verified only if it clearly says so: %j", async (sent, verified) => {
    const answer = { sub: 7, name: "", email: "ada@example.com", email_verified: sent };
    expect(await read(answer)).toEqual(success({ sub: "7", email: "ada@example.com", email_verified: verified }));
  });

  it("needs a subject", async () => {
    expect(await read({ sub: "" })).toEqual(UNREADABLE);
  });
});
