import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseSources, readProjectSources } from "@/tests/support/source-file";
import {
  actionFilesExportActions,
  actionsLiveInOneFolder,
  clientsUseEnumsOnly,
  filesAreShort,
  noBarrels,
  noBuildTimeSettings,
  noImportCircles,
  secretsStayOnTheServer,
  sonarReactIsTypesOnly,
  type SourceRule,
} from "@/tests/support/source-rules";

interface RuleCase {
  statement: string;
  rule: SourceRule;
  /** Sources that break the rule, path -> text; every one of these sets must be found. */
  offences: readonly Record<string, string>[];
  /** Sources that come close and are right. */
  allowed?: Record<string, string>;
}

const RULES: readonly RuleCase[] = [
  {
    statement: "a module of lib that can reach a secret is server-only",
    rule: secretsStayOnTheServer,
    offences: [
      { "lib/seal.ts": 'import { createCipheriv } from "node:crypto";' },
      { "lib/env.ts": "export const secret = process.env.SESSION_SECRET;" },
      { "lib/session.ts": 'import { getIronSession } from "iron-session";' },
      { "lib/stores/pool.ts": 'export const open = () => import("pg");' },
      { "lib/sale/signer.ts": 'import { mnemonicToAccount } from "viem/accounts";' },
      { "lib/sale/client.ts": 'import { createPublicClient } from "viem";' },
      { "lib/a.ts": 'import { b } from "@/lib/b";', "lib/b.ts": 'import "server-only";\nexport const b = 1;' },
    ],
    allowed: {
      "lib/pure.ts": 'import type { Pool } from "pg";\nimport { EntityType } from "@echoxyz/sonar-core";',
      "lib/decode.ts": 'import { decodeErrorResult } from "viem/utils";',
      "lib/secret.ts": 'import "server-only";\nimport { Pool } from "pg";',
    },
  },
  {
    statement: '"use server" occurs under app/actions only',
    rule: actionsLiveInOneFolder,
    offences: [
      { "lib/sonar.ts": '"use server";\nexport async function leak() {}' },
      { "app/page.tsx": "async function act() {\n  'use server';\n}" },
    ],
    allowed: { "app/actions/sonar.ts": '"use server";', "lib/a.ts": '// "use server" is for app/actions' },
  },
  {
    statement: "files under app/actions export async actions and nothing else",
    rule: actionFilesExportActions,
    offences: [
      { "app/actions/a.ts": "export async function act() {}" },
      { "app/actions/a.ts": '"use server";\nexport function act() {}' },
      { "app/actions/a.ts": '"use server";\nexport const limit = 3;' },
      { "app/actions/a.ts": '"use server";\nexport { act } from "@/lib/act";' },
      { "app/actions/a.ts": '"use server";\nexport type Input = string;' },
    ],
    allowed: {
      "app/actions/a.ts":
        '"use server";\nconst own = 1;\nexport async function act() {}\nexport const read = createSonarServerAction({});',
    },
  },
  {
    statement: "nothing but types is taken from sonar-react, and none of those that hold tokens in the browser",
    rule: sonarReactIsTypesOnly,
    offences: [
      { "hooks/a.ts": 'import { useSonarEntities } from "@echoxyz/sonar-react";' },
      { "app/a.tsx": 'import { type UseSonarEntitiesResult, useSonarPurchase } from "@echoxyz/sonar-react";' },
      { "components/a.tsx": 'import * as sonar from "@echoxyz/sonar-react";' },
      { "components/a.tsx": 'export const load = () => import("@echoxyz/sonar-react");' },
      { "hooks/a.ts": 'import type { useSonarAuth } from "@echoxyz/sonar-react";' },
    ],
    allowed: { "hooks/a.ts": 'import type { UseSonarEntitiesResult } from "@echoxyz/sonar-react";' },
  },
  {
    statement: "client code imports sonar-core's enums and types only",
    rule: clientsUseEnumsOnly,
    offences: [
      { "hooks/a.ts": 'import { createClient } from "@echoxyz/sonar-core";' },
      { "lib/sonar/a.ts": 'import { EntityType, SonarClient } from "@echoxyz/sonar-core";' },
      { "components/a.tsx": 'import core from "@echoxyz/sonar-core";' },
    ],
    allowed: {
      "hooks/a.ts": 'import { EntityType, type SonarClient } from "@echoxyz/sonar-core";',
      "lib/sonar.ts": 'import "server-only";\nimport { createClient } from "@echoxyz/sonar-core";',
    },
  },
  {
    statement: "there are no barrels",
    rule: noBarrels,
    offences: [
      { "lib/index.ts": 'export * from "./a";' },
      { "components/ui.ts": 'import { a } from "./a";\nexport { a };\nexport type { B } from "./b";' },
    ],
    allowed: { "lib/index.ts": 'export { a } from "./a";\nexport const b = 1;' },
  },
  {
    statement: "no setting is fixed at build time",
    rule: noBuildTimeSettings,
    offences: [{ "lib/a.ts": "export const url = process.env.NEXT_PUBLIC_APP_URL;" }],
  },
  {
    statement: "no file is longer than 250 lines",
    rule: filesAreShort,
    offences: [{ "lib/a.ts": "line\n".repeat(251) }],
    allowed: { "lib/a.ts": "line\n".repeat(250), "lib/sale/abi.ts": "line\n".repeat(900) },
  },
  {
    statement: "no imports go in circles",
    rule: noImportCircles,
    offences: [
      { "lib/a.ts": 'import "./b";', "lib/b.ts": 'import "@/lib/c";', "lib/c.ts": 'import type { A } from "@/lib/a";' },
      { "lib/a.ts": 'import "./a";' },
    ],
    allowed: { "lib/a.ts": 'import "./b";\nimport "./c";', "lib/b.ts": 'import "./c";', "lib/c.ts": "" },
  },
];

const project = readProjectSources();

describe.each(RULES.map((rule) => [rule.statement, rule] as const))("%s", (_, { rule, offences, allowed = {} }) => {
  it("holds in this project", () => {
    expect(rule(project)).toEqual([]);
  });

  it.each(offences)("finds offence %#", (sources) => {
    expect(rule(parseSources(sources))).not.toEqual([]);
  });

  it("lets through what is right", () => {
    expect(rule(parseSources(allowed))).toEqual([]);
  });
});

describe("the sources of this project", () => {
  it("are really read", () => {
    expect(project.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["lib/env.ts", "app/actions/sonar.ts", "proxy.ts"]),
    );
  });

  it("use one copy of sonar-core, so that its enums and errors are the same everywhere", () => {
    const lock: { packages: Record<string, unknown> } = JSON.parse(readFileSync("package-lock.json", "utf8"));
    const copies = Object.keys(lock.packages).filter((path) => path.endsWith("node_modules/@echoxyz/sonar-core"));
    expect(copies).toEqual(["node_modules/@echoxyz/sonar-core"]);
  });
});
