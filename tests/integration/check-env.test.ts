import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { encryptionKey } from "@/tests/support/app/app-environment";
import { project, startScript } from "@/tests/support/app/env-project";
import { trialEnvironment } from "@/tests/support/live-environment";
import { answerJson, startLocalServer } from "@/tests/support/local-server";

const LIVE = {
  ...{ APP_URL: trialEnvironment.APP_URL, SONAR_CLIENT_UUID: randomUUID(), SONAR_SALE_UUID: randomUUID() },
  ...{ SESSION_SECRET: `canary-${encryptionKey()}`, TOKEN_ENCRYPTION_KEY: encryptionKey() },
};

function environmentOf(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

it("`npm run check-env` reads the files that production reads, and says which", async () => {
  const { path } = project("SUPPORT_URL=me\n");
  writeFileSync(join(path, ".env.production"), environmentOf(LIVE));
  writeFileSync(join(path, ".env.development.local"), "DATABASE_URL=mysql://db\n");
  const bad = startScript(path, "check-env");
  expect(await bad.code).toBe(1);
  expect(bad.output()).toMatch(
    / 1 problem.*\n {2}SUPPORT_URL must be .*\nRead: the environment, \.env\.production, \.env\.\n$/,
  );
  writeFileSync(join(path, ".env"), "");
  const good = startScript(path, "check-env");
  expect([await good.code, good.output()]).toEqual([
    0,
    "The configuration is complete (the environment, .env.production, .env).\n",
  ]);
});

it("`npm run check-env` warns of a variable that is mistyped, and names the one that was meant", async () => {
  const { path } = project(environmentOf({ ...LIVE, SALE_PAUSE: "1" }));
  const { output, code } = startScript(path, "check-env");
  expect([await code, output()]).toEqual([
    0,
    "SALE_PAUSE is not a variable of this app: did you mean SALE_PAUSED?\nThe configuration is complete (the environment, .env).\n",
  ]);
});

it("`npm run check-env` recognises a sale on Solana by Sonar's answer", async () => {
  const wallet = "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM";
  const amounts = [{ Wallet: wallet, Token: wallet, Amount: 5 }];
  const sonar = await startLocalServer((_request, response) =>
    answerJson(response, 200, { TotalCommitmentAmount: 5, Commitments: [{ Amounts: amounts }] }),
  );
  onTestFinished(() => sonar.close());
  const { path } = project(environmentOf(LIVE));
  const { output, code } = startScript(path, "check-env", { SONAR_API_URL: sonar.origin });
  expect(await code).toBe(1);
  expect(output()).toMatch(
    /^SONAR_SALE_UUID: Sonar's API \(127\.0\.0\.1:\d+\) says that this sale is on Solana\. .+\nRead: /,
  );
});

it.each([
  ["`NODE_ENV=development`", "development", "development_db"],
  ["no NODE_ENV", "", "production_db"],
])("`npm run db:migrate` reads with %s the files that docs/going-live.md says", async (_with, mode, database) => {
  const { path } = project("");
  for (const each of ["development", "production"])
    writeFileSync(join(path, `.env.${each}`), `DATABASE_URL=postgres://127.0.0.1:9/${each}_db\n`);
  const { output, code } = startScript(path, "migrate", { NODE_ENV: mode });
  expect(await code, "nothing listens there").toBe(1);
  expect(output()).toContain(`Database: 127.0.0.1:9/${database}\n`);
});

it.each([
  ["`NODE_ENV=development`", "development", "developers_db"],
  ["no NODE_ENV", "", "sites_db"],
])("a command reads `.env`, where the setup writes the site's settings, with %s", async (_with, mode, database) => {
  const { path } = project("APP_URL=https://sale.example.org\nDATABASE_URL=postgres://127.0.0.1:9/sites_db\n");
  const ofDeveloper = "APP_URL=http://localhost:3000\nDATABASE_URL=postgres://127.0.0.1:9/developers_db\n";
  writeFileSync(join(path, ".env.development.local"), ofDeveloper);
  const { output, code } = startScript(path, "sweep", { NODE_ENV: mode });
  expect(await code, "nothing listens there").toBe(1);
  expect(output()).toContain(`Database: 127.0.0.1:9/${database}\n`);
});

it("`npm run db:migrate` without an address migrates the default file, such as a restored backup, but makes none", async () => {
  const { path } = project("");
  const file = join(path, ".data/app.db");
  const first = startScript(path, "migrate");
  expect([await first.code, existsSync(file)]).toEqual([1, false]);
  expect(first.output()).toContain("Start the site once, or correct the path.");
  mkdirSync(dirname(file));
  writeFileSync(file, "");
  const second = startScript(path, "migrate");
  expect([await second.code, second.output()]).toEqual([0, expect.stringContaining("Applied: 0001-first-tables")]);
});
