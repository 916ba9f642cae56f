import { describe, expect, it } from "vitest";
import { disconnect, disconnectAll } from "@/lib/oauth/flow";
import { sharedEngines } from "@/tests/support/database/store-bench";
import { useEngineBench } from "@/tests/support/oauth/engine-bench";

describe.each(sharedEngines)("disconnecting, on $name", (storage) => {
  const bench = useEngineBench(storage);

  it("clears the connection and revokes its tokens", async () => {
    const { tokens } = await bench().connected("ada", 3_600);
    await disconnect(bench().one.engine, bench().provider, "ada");
    expect(await bench().stored("ada")).toBeNull();
    expect(bench().revoked).toEqual([tokens]);
  });

  it.each([
    ["that never ends", () => new Promise<never>(() => undefined)],
    ["that fails", () => Promise.reject(new Error("no"))],
  ])("clears first, and does not wait for a revocation %s", async (_case, outcome) => {
    const { provider, one } = bench();
    await bench().connected("ada", 3_600);
    const cleared: Promise<boolean>[] = [];
    const revoke = () => {
      cleared.push(
        bench()
          .stored("ada")
          .then((connection) => connection === null),
      );
      return outcome();
    };
    const engine = { ...one.engine, keepAlive: () => undefined };
    await disconnect(engine, { ...provider, oauth: { ...provider.oauth, revoke } }, "ada");
    expect(await Promise.all(cleared)).toEqual([true]);
  });

  it("of a user who is not connected asks the provider nothing", async () => {
    await disconnect(bench().one.engine, bench().provider, "ada");
    expect(bench().revoked).toEqual([]);
  });

  it("from everything ends this user's connections only, even to a provider that is no longer there", async () => {
    await bench().connected("ada", 3_600);
    const eves = await bench().connected("eve", 3_600);
    await disconnectAll(bench().one.engine, () => undefined, "ada");
    expect([await bench().stored("ada"), await bench().stored("eve")]).toEqual([null, eves]);
    await disconnectAll(bench().one.engine, () => bench().provider, "eve");
    expect(bench().revoked).toEqual([eves.tokens]);
  });
});
