import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openDatabase } from "@/lib/stores/database";
import { createSealer } from "@/lib/stores/seal";
import { SqlTokenStore } from "@/lib/token-store";
import { makeContainerTree, megabytes, type ContainerTree } from "@/scripts/container-tree";
import {
  credentialsEnvironment,
  outdateTokens,
  startUpstream,
  storedConnections,
  type AppStore,
  type Upstream,
} from "@/tests/support/app/app-bench";
import { appUrl, isListening, untilReady, type AppProcess } from "@/tests/support/app/app-process";
import { startCollector, type Collector } from "@/tests/support/app/collector";
import { connectAs, HttpBrowser, signIn } from "@/tests/support/app/http-browser";
import { readOnlyFolder, type ReadOnlyFolder } from "@/tests/support/app/read-only-deployment";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { createDatabase } from "@/tests/support/database/databases";
import { freePort } from "@/tests/support/local-server";
import { linkPackages } from "@/scripts/project-copy";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const BUILD_TIMEOUT_MS = 10 * 60_000;

/** Milliseconds. */
const PATIENCE = { timeout: 20_000 };

describe.skipIf(!existsSync("Dockerfile"))(
  "the files of the container, read-only, as two instances on one empty Postgres",
  () => {
    const workplace = temporaryFolder();
    let tree: ContainerTree;
    let folder: ReadOnlyFolder;
    let before: string[];
    let upstream: Upstream;
    let collector: Collector;
    let env: Record<string, string>;
    let apps: [first: AppProcess, second: AppProcess];
    const browser = new HttpBrowser();

    beforeAll(async () => {
      tree = await makeContainerTree(workplace.path, undefined, linkPackages);
      folder = readOnlyFolder(tree.folder);
      before = folder.listing();
      const ports = [await freePort(), await freePort()] as const;
      upstream = await startUpstream(appUrl(ports[0]));
      collector = await startCollector();
      env = {
        ...tree.env,
        ...credentialsEnvironment(upstream, await createDatabase()),
        APP_URL: appUrl(ports[0]),
        HOSTNAME: "localhost",
        MIGRATE_ON_START: "1",
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.origin,
      };
      const [, ...args] = tree.command;
      const launch = (port: number) => folder.launch(args, port, { ...env, PORT: String(port) });
      apps = [launch(ports[0]), launch(ports[1])];
      await Promise.all(apps.map((app) => untilReady(app, `${app.url}/api/health?ready`)));
      await signIn(browser, apps[0].url);
      await connectAs(browser, apps[0].url);
    }, BUILD_TIMEOUT_MS);

    afterAll(async () => {
      await Promise.all(apps.map((app) => app.stop()));
      await upstream.close();
      await collector.close();
      folder.unlock();
      workplace.remove();
    });

    it("are at most 250 MB, hold no tests and no sandbox, and do not run as root", () => {
      expect(megabytes(tree.folder)).toBeLessThanOrEqual(250);
      const names = [...readdirSync(tree.folder), ...readdirSync(join(tree.folder, "node_modules"))];
      expect(names.filter((name) => /^(tests|sandbox|docs|\.env.*|@foundry-rs|tsx)$/.test(name))).toEqual([]);
      expect(readdirSync(join(tree.folder, ".data")), "a developer's database").toEqual([]);
      expect(tree.user).toBe("node");
    });

    it("serve pages with scripts and fonts, and the files of public/", async () => {
      const page = await (await browser.get(apps[1].url)).text();
      expect(page).toContain("Ada Lovelace");
      const assets = [...page.matchAll(/"(\/_next\/static\/[^"\\]+)"/g)].map(([, path = ""]) => path);
      const stylesheet = assets.find((path) => path.endsWith(".css")) ?? "";
      const styles = await (await fetch(apps[1].url + stylesheet)).text();
      const fonts = [...styles.matchAll(/[\w./-]+\.woff2/g)].map(
        ([path]) => new URL(path, apps[1].url + stylesheet).pathname,
      );
      expect(fonts.length).toBeGreaterThan(0);
      const icons = [...page.matchAll(/<link rel="(?:apple-touch-)?icon" href="([^"]+)"/g)].map(
        ([, path = ""]) => path,
      );
      expect(icons.length).toBeGreaterThan(0);
      for (const path of new Set([...assets, ...fonts, "/robots.txt", ...icons])) {
        const answer = await fetch(new URL(path, apps[1].url));
        expect([path, answer.status]).toEqual([path, 200]);
        await answer.body?.cancel();
      }
    });

    it("answer what no file can answer as HTTP says", async () => {
      const page = await (await fetch(apps[1].url)).text();
      const script = apps[1].url + (/"(\/_next\/static\/[^"\\]+\.js)"/.exec(page)?.[1] ?? "");
      const asked = [
        fetch(script, { method: "POST" }),
        fetch(script, { headers: { Range: "bytes=99999999-" } }),
        fetch(`${apps[1].url}/_global-error`),
      ];
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([405, 200, 404]);
    });

    it("have the native module of SQLite", async () => {
      const script = "new (require('libsql'))(':memory:').exec('create table t (x)')";
      expect(await folder.run(["-e", script])).toEqual({ exitCode: 0, output: "" });
    });

    it("run the commands with plain Node", async () => {
      const [checked, migrated, examined, audited] = await Promise.all([
        folder.run(["check-env.mjs"], env),
        folder.run(["migrate.mjs"], env),
        folder.run(["doctor.mjs"], env),
        folder.run(["audit.mjs", "--user", "nobody"], env),
      ]);
      expect(checked).toEqual({ exitCode: 0, output: "The configuration is complete (the environment).\n" });
      expect(migrated).toEqual({ exitCode: 0, output: expect.stringContaining("The database is up to date.\n") });
      expect(audited).toEqual({ exitCode: 0, output: expect.stringMatching(/^User nobody is .*audit table: 0\.$/m) });
      expect(examined.output).toMatch(/^ok +environment/m);
      expect(examined.output).toMatch(/^ok +DATABASE_URL/m);
    });

    it("finish a page and the refresh in it after SIGTERM, while the other instance continues", async () => {
      const [first, second] = apps;
      const database = await openDatabase(env["DATABASE_URL"] ?? "");
      const store: AppStore = {
        database,
        tokens: new SqlTokenStore(database, createSealer([env["TOKEN_ENCRYPTION_KEY"] ?? ""])),
      };
      await outdateTokens(store);
      const hold = upstream.gate.hold(ECHO.refresh);
      const page = browser.get(second.url).then((answer) => answer.text());
      await hold.arrived;
      second.kill("SIGTERM");
      const { port } = new URL(second.url);
      await vi.waitFor(
        async () => expect(await isListening(Number(port)), "still takes connections").toBe(false),
        PATIENCE,
      );
      hold.release();
      expect(await page).toContain("Ada Lovelace");
      expect(await second.exitCode).toBe(0);

      const [key] = await storedConnections(store);
      const stored = key && (await store.tokens.get(key));
      await database.kysely.destroy();
      expect(stored?.tokens.expiresAt).toBeGreaterThan(Date.now() / 1_000);
      expect(await (await browser.get(first.url)).text()).toContain("Ada Lovelace");
    });

    it("have sent traces and counters by the time one has ended: the packages for it are among the files", () => {
      expect(collector.spans().map(({ name }) => name)).toEqual(expect.arrayContaining(["refresh", "oauth.refresh"]));
      expect(collector.total("app.refreshes", { "app.outcome": "refreshed" })).toBe(1);
    });

    it("nothing was written, and nothing was tried in vain", () => {
      expect(folder.listing()).toEqual(before);
      expect(apps.map((app) => app.logs()).join("")).not.toMatch(/EACCES|EROFS|unexpected|hidden-error/);
    });
  },
);
