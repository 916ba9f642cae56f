import { beforeEach, describe, expect, it, vi } from "vitest";
import * as log from "@/lib/http/log";
import type { Engine } from "@/lib/oauth/engine";
import { complete, connect, disconnect, disconnectAll } from "@/lib/oauth/flow";
import { freshTokens } from "@/lib/oauth/refresh";
import { fail, success } from "@/lib/result";
import { createSealer, keyIdOf, sha256 } from "@/lib/stores/seal";
import { encryptionKey } from "@/tests/support/app/app-environment";
import { useEngineBench, type EngineInstance } from "@/tests/support/oauth/engine-bench";
import { instanceOn, sharedEngines } from "@/tests/support/database/store-bench";

/** The TOKEN_ENCRYPTION_KEY of the instances during a step: those that are still to be changed, and the others. */
const STEPS = [
  { step: "1, the new key is added", from: ["old"], to: ["old", "new"] },
  { step: "2, the new key seals", from: ["old", "new"], to: ["new", "old"] },
  { step: "3, the old key is removed", from: ["new", "old"], to: ["new"] },
] as const;

const PATH = "/oauth/callback";
const NOT_CONNECTED = fail("connection/not_connected");
const UPDATING = fail("oauth/invalid_state", { reason: "updating" });

/** A key whose id holds what SQL patterns take for any character. */
function keyWithWildcard(): { key: string; id: string } {
  for (;;) {
    const key = encryptionKey();
    const id = keyIdOf(createSealer([key]).seal("", "")) ?? "";
    if (id.includes("_")) return { key, id };
  }
}

describe.each(sharedEngines)("rotating the key, on $name", (storage) => {
  const bench = useEngineBench(storage);
  const logged = vi.fn();
  let keys: Record<"old" | "new", string>;

  beforeEach(() => {
    keys = { old: encryptionKey(), new: encryptionKey() };
    logged.mockReset();
    vi.spyOn(log, "requestLog").mockReturnValue({ info: logged, warn: logged, error: logged });
  });

  /** An instance with keys of its own. */
  function engineWith({ engine, database }: EngineInstance, names: readonly ("old" | "new")[]): Engine {
    const list = names.map((name) => keys[name]);
    const { tokens, transactions } = instanceOn(database, list, () => engine.now());
    return { ...engine, tokens, oauthRequests: transactions, refreshes: new Map() };
  }

  const first = (...names: ("old" | "new")[]) => engineWith(bench().one, names);
  const second = (...names: ("old" | "new")[]) => engineWith(bench().other, names);

  async function begin(engine: Engine, userId: string): Promise<string> {
    const owner = await bench().signIn(userId);
    const begun = await connect(engine, bench().provider, { ...owner, returnTo: "/", deadline: bench().deadline() });
    if (!begun.ok) throw new Error(begun.error.code);
    return new URL(begun.data.url).searchParams.get("state") ?? "";
  }

  async function callback(engine: Engine, userId: string, state: string) {
    const { provider } = bench();
    const params = new URLSearchParams({ code: "c1", state });
    const connector = await bench().signIn(userId);
    return complete(engine, () => provider, { ...connector, path: PATH, params }, bench().deadline());
  }

  async function connected(engine: Engine, userId: string): Promise<void> {
    expect(await callback(engine, userId, await begin(engine, userId))).toEqual(success({ returnTo: "/" }));
  }

  const fresh = (engine: Engine, userId = "ada") =>
    freshTokens({ engine, provider: bench().provider, userId, deadline: bench().deadline() });

  /** Everything that is stored. */
  async function rows() {
    const { kysely } = bench().one.database;
    const connections = await kysely.selectFrom("connections").selectAll().orderBy("user_id").execute();
    return { connections, transactions: await kysely.selectFrom("transactions").selectAll().execute() };
  }

  describe.each(STEPS)("step $step", ({ from, to }) => {
    it("a flow that was begun on either instance ends on either, and both use the connection", async () => {
      const engines = [first(...from), second(...to)];
      for (const begins of engines) {
        for (const ends of engines) {
          expect(await callback(ends, "ada", await begin(begins, "ada"))).toEqual(success({ returnTo: "/" }));
          const [one, other] = await Promise.all(engines.map((engine) => fresh(engine)));
          expect(one).toMatchObject({ ok: true });
          expect(one).toEqual(other);
          for (const { tokens } of engines) expect(await tokens.list("ada")).toEqual(["sonar"]);
        }
      }
      expect(logged).not.toHaveBeenCalled();
    });

    it("tokens that either has refreshed are used by both", async () => {
      const engines = [first(...from), second(...to)];
      await connected(engines[0] ?? first(...from), "ada");
      for (const [index, engine] of engines.entries()) {
        bench().clock.ahead += 3_600_000;
        const refreshed = await fresh(engine);
        expect(refreshed).toMatchObject({ ok: true });
        for (const reader of engines) expect(await fresh(reader)).toEqual(refreshed);
        expect(bench().server.refreshes()).toHaveLength(index + 1);
      }
      expect(logged).not.toHaveBeenCalled();
    });
  });

  describe("the first step left out: the new key seals on one instance before the other has it", () => {
    it("keeps the state where the key is missing, reports it, and the flow can still end where the key is", async () => {
      const [ahead, behind] = [first("new", "old"), second("old")];
      const state = await begin(ahead, "ada");
      const before = await rows();
      for (let tries = 0; tries < 3; tries++) expect(await callback(behind, "ada", state)).toEqual(UPDATING);
      expect(await rows()).toEqual(before);
      expect(bench().server.exchanges()).toEqual([]);
      expect(logged).toHaveBeenCalledExactlyOnceWith("seal.unknown-key", {
        keyId: keyIdOf(before.transactions[0]?.sealed_verifier ?? ""),
      });
      expect(await callback(ahead, "ada", state)).toEqual(success({ returnTo: "/" }));
      expect(await callback(behind, "ada", state)).toEqual(fail("oauth/invalid_state"));
    });

    it("reveals to nobody else that there is such a flow", async () => {
      const state = await begin(first("new", "old"), "ada");
      expect(await callback(second("old"), "eve", state)).toEqual(fail("oauth/invalid_state"));
      expect(logged).not.toHaveBeenCalled();
    });

    it("keeps the connection, which counts as none where the key is missing, and logs that once", async () => {
      const [ahead, behind] = [first("new", "old"), second("old")];
      await connected(ahead, "ada");
      await connected(ahead, "eve");
      const before = await rows();
      for (const user of ["ada", "eve", "ada"]) {
        expect(await fresh(behind, user)).toEqual(NOT_CONNECTED);
        expect(await behind.tokens.list(user)).toEqual([]);
      }
      expect(await rows()).toEqual(before);
      const keyId = keyIdOf(before.connections[0]?.sealed_tokens ?? "");
      expect(keyId).toMatch(/^[\w-]{8}$/);
      expect(logged).toHaveBeenCalledExactlyOnceWith("seal.unknown-key", { keyId });
      expect(await fresh(ahead)).toMatchObject({ ok: true });
    });

    it("keeps the connection when it expires where the key is missing", async () => {
      await connected(first("new", "old"), "ada");
      const before = await rows();
      bench().clock.ahead = 3_600_000;
      expect(await fresh(second("old"))).toEqual(NOT_CONNECTED);
      expect(await rows()).toEqual(before);
      expect(bench().server.refreshes()).toEqual([]);
    });
  });

  describe("what the old key has sealed, once it is removed", () => {
    beforeEach(() => connected(first("old"), "ada"));

    it("is kept, is logged once, and works again when the key returns", async () => {
      const before = await rows();
      for (const after of [first("new"), second("new")]) expect(await fresh(after)).toEqual(NOT_CONNECTED);
      expect(await rows()).toEqual(before);
      const keyId = keyIdOf(before.connections[0]?.sealed_tokens ?? "");
      expect(logged).toHaveBeenCalledExactlyOnceWith("seal.unknown-key", { keyId });
      expect(await fresh(second("new", "old"))).toMatchObject({ ok: true });
    });

    it("is replaced when its user connects again", async () => {
      await connected(second("new"), "ada");
      expect(await fresh(first("new"))).toMatchObject({ ok: true });
      expect((await rows()).connections).toHaveLength(1);
    });

    it("goes when its user disconnects", async () => {
      await disconnect(second("new"), bench().provider, "ada");
      expect((await rows()).connections).toEqual([]);
    });

    it("goes when its user signs out", async () => {
      await disconnectAll(second("new"), () => bench().provider, "ada");
      expect((await rows()).connections).toEqual([]);
    });
  });

  it.each([
    ["a pattern", (id: string) => id.replace("_", "x")],
    ["letters of either case", (id: string) => id.replace(/[a-z]/gi, swapCase)],
  ])("a key is known by its own id, which is not taken for %s", async (_, resemble) => {
    const { key, id } = keyWithWildcard();
    keys.old = key;
    const state = await begin(first("old"), "ada");
    const sealed = (await rows()).transactions[0]?.sealed_verifier?.replace(id, resemble(id)) ?? "";
    await bench().one.database.kysely.updateTable("transactions").set({ sealed_verifier: sealed }).execute();
    expect(await callback(second("old"), "ada", state)).toEqual(UPDATING);
    expect((await rows()).transactions).toMatchObject([{ state_hash: sha256(state), sealed_verifier: sealed }]);
  });
});

function swapCase(letter: string): string {
  return letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
}
