import type { KyselyPlugin } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase, type Database } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { countByKey, reseal } from "@/lib/stores/reseal";
import { createSealer, keyIdOf, sha256, type Sealer } from "@/lib/stores/seal";
import { encryptionKey } from "@/tests/support/app/app-environment";
import { BENCH_TIME, instanceOn, sharedEngines, type StoreInstance } from "@/tests/support/database/store-bench";

const [OLD, NEW, LOST] = [encryptionKey(), encryptionKey(), encryptionKey()];
const idOf = (key: string) => keyIdOf(createSealer([key]).prefixes[0] ?? "");
const SEALER = createSealer([NEW, OLD]);

const key = (userId: string) => ({ provider: "sonar", userId });
const tokensOf = (userId: string) => ({ accessToken: `access of ${userId}`, refreshToken: `refresh of ${userId}` });

describe.each(sharedEngines)("sealing everything with the first key, on $name", ({ newPlace }) => {
  let database: Database;
  /** Another instance: SQLite has one connection in each, which the command keeps while it reads. */
  let other: Database;
  let remove: () => void;

  beforeEach(async () => {
    const place = await newPlace();
    remove = place.remove;
    database = await openDatabase(place.url);
    await migrate(database.kysely);
    other = await openDatabase(place.url);
  });
  afterEach(async () => {
    await Promise.all([database, other].map(({ kysely }) => kysely.destroy()));
    remove();
  });

  const withKeys = (...keys: string[]): StoreInstance => instanceOn(database, keys, () => BENCH_TIME);

  async function connect(userId: string, { sessions, tokens }: StoreInstance): Promise<void> {
    await sessions.create(sha256(userId), userId);
    if (!(await tokens.set(key(userId), tokensOf(userId), sha256(userId)))) throw new Error("not stored");
  }

  const begin = (state: string, { transactions }: StoreInstance) =>
    transactions.setPKCEVerifier(state, {
      ...key("ada"),
      codeVerifier: `verifier of ${state}`,
      redirectUri: "https://sale.example.com/oauth/callback",
      returnTo: "/",
      expiresAt: BENCH_TIME + 1,
    });

  const connections = () => database.kysely.selectFrom("connections").selectAll().orderBy("user_id").execute();
  const usesByKey = async () =>
    Object.fromEntries((await countByKey(database)).map(({ keyId, ...counts }) => [keyId, counts]));

  it("leaves nothing to the older key, and changes nothing but the sealed texts", async () => {
    const users = Array.from({ length: 250 }, (_, at) => `user-${at}`);
    for (const user of users) await connect(user, withKeys(OLD));
    await begin("one", withKeys(OLD));
    await begin("two", withKeys(NEW, OLD));
    const before = await connections();
    expect(await usesByKey()).toEqual({
      [idOf(OLD) ?? ""]: { connections: 250, pending: 1 },
      [idOf(NEW) ?? ""]: { connections: 0, pending: 1 },
    });

    expect(await reseal(database, SEALER)).toEqual({ resealed: 251, damaged: 0 });
    expect(await usesByKey()).toEqual({ [idOf(NEW) ?? ""]: { connections: 250, pending: 2 } });
    const others = (rows: typeof before) => rows.map(({ sealed_tokens: _, ...rest }) => rest);
    expect(others(await connections())).toEqual(others(before));
    const { tokens, transactions } = withKeys(NEW);
    for (const user of users) expect((await tokens.get(key(user)))?.tokens).toEqual(tokensOf(user));
    for (const state of ["one", "two"])
      expect(await transactions.takePKCEVerifier(state, "ada")).toMatchObject({ codeVerifier: `verifier of ${state}` });
    expect(await reseal(database, SEALER)).toEqual({ resealed: 0, damaged: 0 });
  });

  it("continues after an interruption, and does nothing twice", async () => {
    for (const user of ["a", "b", "c", "d", "e"]) await connect(user, withKeys(OLD));
    await begin("one", withKeys(OLD));
    let left = 2;
    const interrupted: Sealer = {
      ...SEALER,
      seal(plain, context) {
        left -= 1;
        if (left < 0) throw new Error("interrupted");
        return SEALER.seal(plain, context);
      },
    };
    await expect(reseal(database, interrupted)).rejects.toThrow("interrupted");
    const half = await connections();
    expect(half.map(({ sealed_tokens }) => keyIdOf(sealed_tokens))).toEqual([
      ...Array.from({ length: 2 }, () => idOf(NEW)),
      ...Array.from({ length: 3 }, () => idOf(OLD)),
    ]);
    expect(await reseal(database, SEALER)).toEqual({ resealed: 4, damaged: 0 });
    expect((await connections()).slice(0, 2)).toEqual(half.slice(0, 2));
    for (const user of ["a", "b", "c", "d", "e"])
      expect((await withKeys(NEW).tokens.get(key(user)))?.tokens).toEqual(tokensOf(user));
  });

  /** A view of the database that lets something happen between the reading of the first rows and their writing. */
  function meddledWith(meddle: () => Promise<unknown>): Database {
    let isDone = false;
    const plugin: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (!isDone && result.rows.length > 0) {
          isDone = true;
          await meddle();
        }
        return result;
      },
    };
    return { ...database, kysely: database.kysely.withPlugin(plugin) };
  }

  it("overwrites no refresh that is stored meanwhile, and seals that one too", async () => {
    for (const user of ["ada", "eve"]) await connect(user, withKeys(OLD));
    const { tokens } = instanceOn(other, [OLD, NEW], () => BENCH_TIME);
    const seen = await tokens.get(key("ada"));
    const fresh = { accessToken: "new access", refreshToken: "the only valid one" };
    const meddled = meddledWith(() => tokens.replace(key("ada"), seen?.version ?? "", fresh));
    expect(await reseal(meddled, SEALER)).toEqual({ resealed: 2, damaged: 0 });
    expect((await withKeys(NEW).tokens.get(key("ada")))?.tokens).toEqual(fresh);
  });

  it("brings nothing back that is deleted or used up meanwhile", async () => {
    for (const user of ["ada", "eve"]) await connect(user, withKeys(OLD));
    await begin("one", withKeys(OLD));
    const { tokens, transactions } = instanceOn(other, [OLD, NEW], () => BENCH_TIME);
    const meddled = meddledWith(async () => {
      await tokens.clearAll("eve");
      await transactions.takePKCEVerifier("one", "ada");
    });
    expect(await reseal(meddled, SEALER)).toEqual({ resealed: 1, damaged: 0 });
    expect((await connections()).map(({ user_id }) => user_id)).toEqual(["ada"]);
    expect(await database.kysely.selectFrom("transactions").selectAll().execute()).toEqual([]);
  });

  it("lets a refresh end that began before: its version is still the one that it has seen", async () => {
    await connect("ada", withKeys(OLD));
    const { tokens } = withKeys(OLD, NEW);
    const { version = "" } = (await tokens.get(key("ada"))) ?? {};
    expect(await tokens.takeLease(key("ada"), version, { holder: "h", until: BENCH_TIME + 1_000 })).toBe(true);
    await reseal(database, SEALER);
    expect(await tokens.replace(key("ada"), version, tokensOf("fresh"))).not.toBeNull();
  });

  it("keeps what a key has sealed that is not there, and counts it by that key's id", async () => {
    await connect("ada", withKeys(LOST));
    await connect("eve", withKeys(OLD));
    await begin("one", withKeys(LOST));
    const [lost] = await connections();
    expect(await reseal(database, SEALER)).toEqual({ resealed: 1, damaged: 0 });
    expect((await connections())[0]).toEqual(lost);
    expect(await usesByKey()).toEqual({
      [idOf(LOST) ?? ""]: { connections: 1, pending: 1 },
      [idOf(NEW) ?? ""]: { connections: 1, pending: 0 },
    });
  });

  it("keeps and counts what does not open although its key is there: it was altered, or moved from another row", async () => {
    for (const user of ["ada", "eve"]) await connect(user, withKeys(OLD));
    const [ada] = await connections();
    const moved = { sealed_tokens: ada?.sealed_tokens ?? "" };
    await database.kysely.updateTable("connections").where("user_id", "=", "eve").set(moved).execute();
    expect(await reseal(database, SEALER)).toEqual({ resealed: 1, damaged: 1 });
    expect((await connections())[1]).toMatchObject(moved);
  });
});
