import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  parseSources,
  readProjectSources,
  noImportCircles,
  secretsStayOnTheServer,
  type SourceRule,
} from "@/tests/support/source-rules";

/** The rules that need more than one file; those about a single file are ESLint's. */
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
      { "lib/stores/seal.ts": 'import { createCipheriv } from "node:crypto";' },
      { "lib/config/env.ts": "export const secret = process.env.SESSION_SECRET;" },
      { "lib/session.ts": 'import { getIronSession } from "iron-session";' },
      { "lib/stores/pool.ts": 'export const open = () => import("pg");' },
      { "lib/sale/signer.ts": 'import { mnemonicToAccount } from "viem/accounts";' },
      { "lib/sale/client.ts": 'import { createPublicClient } from "viem";' },
      { "lib/wallet/signer.ts": 'import { mnemonicToAccount } from "viem/accounts";' },
      { "lib/wallet/env.ts": "export const secret = process.env.SESSION_SECRET;" },
      { "lib/wallet/a.ts": 'import { b } from "@/lib/b";', "lib/b.ts": 'import "server-only";\nexport const b = 1;' },
      { "lib/a.ts": 'import { b } from "@/lib/b";', "lib/b.ts": 'import "server-only";\nexport const b = 1;' },
    ],
    allowed: {
      "lib/pure.ts": 'import type { Pool } from "pg";\nimport { EntityType } from "@echoxyz/sonar-core";',
      "lib/decode.ts": 'import { decodeErrorResult } from "viem/utils";',
      "lib/wallet/client.ts": 'import { createPublicClient } from "viem";',
      "lib/wallet/connect/phone.ts": 'import { walletConnect } from "wagmi/connectors/walletConnect";',
      "lib/wallet/connect/demo-wallet.ts": 'import { privateKeyToAccount } from "viem/accounts";',
      "lib/secret.ts": 'import "server-only";\nimport { Pool } from "pg";',
    },
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

function lockedPackages(): Record<string, { integrity?: string; link?: boolean }> {
  const lock: { packages: Record<string, { integrity?: string; link?: boolean }> } = JSON.parse(
    readFileSync("package-lock.json", "utf8"),
  );
  return lock.packages;
}

describe("the sources of this project", () => {
  it("are really read", () => {
    expect(project.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["lib/config/env.ts", "app/actions/sonar.ts", "proxy.ts"]),
    );
  });

  it("use one copy of sonar-core, so that its enums and errors are the same everywhere", () => {
    const copies = Object.keys(lockedPackages()).filter((path) => path.endsWith("node_modules/@echoxyz/sonar-core"));
    expect(copies).toEqual(["node_modules/@echoxyz/sonar-core"]);
  });

  it("use packages whose content is fixed by a hash, on every system", () => {
    const { "": _project, ...packages } = lockedPackages();
    const loose = Object.entries(packages).filter(
      ([, entry]) => !entry.link && !/^sha512-/.test(entry.integrity ?? ""),
    );
    // `npm view NAME@VERSION dist.integrity` tells what is missing: a registry that lacks a system's binaries left it out.
    expect(loose.map(([path]) => path)).toEqual([]);
  });
});
