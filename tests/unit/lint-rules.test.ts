import { ESLint } from "eslint";
import { beforeAll, describe, expect, it } from "vitest";

interface RuleCase {
  statement: string;
  /** Occurs in the message of every offence. */
  message: string;
  /** Files that break the rule, as path and text. */
  offences: readonly (readonly [path: string, text: string])[];
  /** Files that come close and are right. */
  allowed?: readonly (readonly [path: string, text: string])[];
}

const RULES: readonly RuleCase[] = [
  {
    statement: '"use server" occurs under app/actions only',
    message: "belongs in app/actions only",
    offences: [
      ["lib/sonar.ts", '"use server";\nexport async function leak() {}'],
      ["app/page.tsx", "async function act() {\n  'use server';\n}"],
      ["scripts/a.ts", '"use server";'],
    ],
    allowed: [
      ["app/actions/sonar.ts", '"use server";'],
      ["lib/a.ts", '// "use server" is for app/actions'],
    ],
  },
  {
    statement: "files under app/actions export async actions and nothing else",
    message: "An action file begins with",
    offences: [
      ["app/actions/a.ts", ""],
      ["app/actions/a.ts", "export async function act() {}"],
      ["app/actions/a.ts", '"use server";\nexport function act() {}'],
      ["app/actions/a.ts", '"use server";\nexport const limit = 3;'],
      ["app/actions/a.ts", '"use server";\nexport const a = createSonarServerAction({}), limit = 3;'],
      ["app/actions/a.ts", '"use server";\nexport { act } from "@/lib/act";'],
      ["app/actions/a.ts", '"use server";\nconst limit = 3;\nexport { limit };'],
      ["app/actions/a.ts", '"use server";\nexport type Input = string;'],
      ["app/actions/a.ts", '"use server";\nexport interface Input {}'],
      ["app/actions/a.ts", '"use server";\nexport default async function act() {}'],
    ],
    allowed: [
      [
        "app/actions/a.ts",
        '"use server";\nconst own = 1;\nexport async function act() {}\nexport const read = createSonarServerAction({});',
      ],
    ],
  },
  {
    statement: "nothing but types is taken from sonar-react, and none of those that hold tokens in the browser",
    message: "keeps tokens in the browser",
    offences: [
      ["hooks/a.ts", 'import { useSonarEntities } from "@echoxyz/sonar-react";'],
      ["app/a.tsx", 'import { type UseSonarEntitiesResult, useSonarPurchase } from "@echoxyz/sonar-react";'],
      ["components/a.tsx", 'import * as sonar from "@echoxyz/sonar-react";'],
      ["components/a.tsx", 'import { a } from "@echoxyz/sonar-react/hooks";'],
      ["components/a.tsx", 'export const load = () => import("@echoxyz/sonar-react");'],
      ["hooks/a.ts", 'import type { useSonarAuth } from "@echoxyz/sonar-react";'],
      ["sandbox/a.ts", 'import { useSonarEntities } from "@echoxyz/sonar-react";'],
    ],
    allowed: [["hooks/a.ts", 'import type { UseSonarEntitiesResult } from "@echoxyz/sonar-react";']],
  },
  {
    statement: "client code imports sonar-core's enums and types only",
    message: "imports sonar-core's enums and types only",
    offences: [
      ["hooks/a.ts", 'import { createClient } from "@echoxyz/sonar-core";'],
      ["lib/sonar/a.ts", 'import { EntityType, SonarClient } from "@echoxyz/sonar-core";'],
      ["components/a.tsx", 'import core from "@echoxyz/sonar-core";'],
      ["app/a.tsx", 'import * as core from "@echoxyz/sonar-core";'],
      ["app/a.tsx", 'import "@echoxyz/sonar-core";'],
      ["app/a.tsx", 'const load = () => import("@echoxyz/sonar-core");'],
      ["app/a.tsx", 'import { SonarClient as EntityType } from "@echoxyz/sonar-core";'],
    ],
    allowed: [
      ["hooks/a.ts", 'import { EntityType, type SonarClient } from "@echoxyz/sonar-core";'],
      ["hooks/b.ts", 'import type { SonarClient } from "@echoxyz/sonar-core";'],
      ["lib/sonar.ts", 'import "server-only";\nimport { createClient } from "@echoxyz/sonar-core";'],
    ],
  },
  {
    statement: "a text that a page translator may replace has an element of its own",
    message: "page translators break the page",
    offences: [
      ["components/a.tsx", "export const A = ({ n }) => <p>{n > 1 && <b />}{n}</p>;"],
      ["components/a.tsx", "export const A = ({ n }) => <p>Page {n}</p>;"],
      ["components/a.tsx", "export const A = ({ n }) => <p>{n.text} <b /></p>;"],
      ["components/a.tsx", 'export const A = () => <p><b />{" "}<b /></p>;'],
      ["components/a.tsx", "export const A = () => <p><b /> <b /></p>;"],
      ["components/a.tsx", "export const A = () => <p>Read <b /></p>;"],
      ["components/a.tsx", "export const A = ({ n }) => <p><b />{`${n} min`}</p>;"],
      ["components/a.tsx", "export const A = ({ n }) => <p><b />{format(n)}</p>;"],
      ["components/a.tsx", 'export const A = ({ n }) => <p><b />{n && "now"}</p>;'],
      ["components/a.tsx", "export const A = ({ n }) => <p><b />{n && n.text}</p>;"],
      ["components/a.tsx", 'export const A = ({ n }) => <p>{n ? "now" : <b />}<b /></p>;'],
      ["components/a.tsx", "export const A = ({ n }) => <Button>Switch to {n}</Button>;"],
      ["components/a.tsx", "export const A = ({ children }) => <a><b />{children}</a>;"],
      ["app/a.tsx", "export const A = () => <>Text</>;"],
      ["app/a.tsx", "export const A = ({ n }) => <Fragment key={n}>{n}</Fragment>;"],
      ["app/a.tsx", "function A({ n }) {\n  return `${n} min`;\n}"],
    ],
    allowed: [
      ["components/a.tsx", "export const A = ({ n }) => <p>{`Page ${n}`}</p>;"],
      ["components/a.tsx", 'export const A = ({ n }) => <p>{n ? "now" : "later"}</p>;'],
      ["components/a.tsx", 'export const A = ({ n }) => <p>{n && <b>now</b>}<span>{n}</span><b title="a b" /></p>;'],
      [
        "components/a.tsx",
        "export const A = ({ n }) => <ul>{n.map((one) => <li key={one} />)}<li>{n.length}</li></ul>;",
      ],
      [
        "components/a.tsx",
        "export const A = ({ n, control }) => (\n  <div>\n    {/* why */}\n    <b />\n    {control}\n  </div>\n);",
      ],
      ["sandbox/a.ts", "export const page = (n) => `<p><b></b>${n}</p>`;"],
    ],
  },
  {
    statement: "there are no barrels",
    message: "No barrels",
    offences: [
      ["lib/index.ts", 'export * from "./a";'],
      ["lib/index.ts", 'export { a } from "./a";\nexport const b = 1;'],
      ["components/ui.ts", 'import { a } from "./a";\nexport { a };\nexport type { B } from "./b";'],
      ["components/ui.ts", 'import { a } from "./a";\nexport { a };'],
      ["tests/support/a.ts", 'export * from "./a";'],
    ],
    allowed: [["lib/a.ts", 'import { a } from "./a";\nconst b = a;\nexport { b };']],
  },
  {
    statement: "no setting is fixed at build time",
    message: "No NEXT_PUBLIC_ variables",
    offences: [
      ["lib/a.ts", "export const url = process.env.NEXT_PUBLIC_APP_URL;"],
      ["next.config.ts", 'const url = process.env["NEXT_PUBLIC_APP_URL"];'],
      ["scripts/a.ts", "const name = `NEXT_PUBLIC_${1}`;"],
    ],
    allowed: [["tests/unit/a.test.ts", "const url = process.env.NEXT_PUBLIC_APP_URL;"]],
  },
  {
    statement: "no file is longer than 300 lines",
    message: "Maximum allowed is 300",
    offences: [
      ["lib/a.ts", "line;\n".repeat(301)],
      ["tests/unit/a.test.ts", "line;\n".repeat(301)],
      ["scripts/a.mjs", "line;\n".repeat(301)],
    ],
    allowed: [
      ["lib/a.ts", "line;\n".repeat(300)],
      ["lib/sale/abi.ts", "line;\n".repeat(900)],
      ["sandbox/chain/artifacts/sandbox-sale-abi.ts", "line;\n".repeat(900)],
    ],
  },
  {
    statement: "lib imports nothing of the layers above it",
    message: "lib is the lowest layer",
    offences: [
      ["lib/a.ts", 'import { Page } from "@/app/page";'],
      ["lib/sale/a.ts", 'import type { Props } from "@/components/ui/a";'],
      ["lib/sale/a.ts", 'import { useSale } from "../../hooks/use-sale";'],
      ["lib/a.ts", 'const load = () => import("@/components/ui/a");'],
    ],
    allowed: [["lib/a.ts", 'import { a } from "@/lib/sale/app";\nimport { b } from "./components";']],
  },
  {
    statement: "hooks import actions, and nothing else of the layers above",
    message: "hooks import actions only",
    offences: [
      ["hooks/use-a.ts", 'import { Page } from "@/app/page";'],
      ["hooks/use-a.tsx", 'import type { Props } from "@/components/ui/a";'],
    ],
    allowed: [["hooks/use-a.ts", 'import { getEntities } from "@/app/actions/sonar";']],
  },
  {
    statement: "components import nothing of the layer above",
    message: "Components get what they need",
    offences: [
      ["components/sale/a.tsx", 'import { act } from "@/app/actions/sonar";'],
      ["components/sale/a.tsx", 'import { Page } from "../../app/page";'],
    ],
    allowed: [
      ["components/sale/a.tsx", 'import { useSale } from "@/hooks/use-sale";\nimport { b } from "@/components/ui/b";'],
      ["app/page.tsx", 'import { A } from "@/components/sale/a";'],
    ],
  },
  {
    statement: "one file imports the sandbox",
    message: "Only lib/start-sandbox.ts imports sandbox/",
    offences: [
      ["app/page.tsx", 'import { start } from "@/sandbox/start";'],
      ["lib/start-up.ts", 'const load = () => import("@/sandbox/start");'],
      ["lib/start-up.ts", 'import { start } from "../sandbox/start";'],
      ["instrumentation.ts", 'import { start } from "@/sandbox/start";'],
    ],
    allowed: [
      ["lib/start-sandbox.ts", 'const load = () => import("@/sandbox/start");'],
      ["scripts/a.ts", 'import { start } from "../sandbox/start";'],
    ],
  },
  {
    statement: "the sandbox takes no more than its settings from the app",
    message: "The sandbox imports nothing of the app",
    offences: [
      ["sandbox/echo/a.ts", 'import { readEnv } from "@/lib/env";'],
      ["sandbox/echo/a.ts", 'import { readEnv } from "../../lib/config/env";'],
    ],
    allowed: [["sandbox/echo/a.ts", 'import { SANDBOX_SALE } from "../../lib/config/sandbox";']],
  },
  {
    statement: "nothing that is shipped imports tests",
    message: "imports nothing of its tests",
    offences: [
      ["lib/a.ts", 'import { a } from "@/tests/support/a";'],
      ["app/a.ts", 'import { a } from "@/tests/support/a";'],
      ["sandbox/a.ts", 'import { a } from "../tests/support/a";'],
    ],
    allowed: [["scripts/bench.ts", 'import { a } from "@/tests/support/a";']],
  },
];

const CHECKED = new Set(["no-restricted-syntax", "@typescript-eslint/no-restricted-imports", "max-lines"]);

/** This project's configuration. The texts are of no real files, which typed rules would need. */
const eslint = new ESLint({
  ruleFilter: ({ ruleId }) => CHECKED.has(ruleId),
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
});

async function lint(filePath: string, text: string): Promise<string> {
  const [result] = await eslint.lintText(text, { filePath });
  if (!result || result.fatalErrorCount > 0) throw new Error(`${filePath} was not linted: ${JSON.stringify(result)}`);
  return result.messages.map(({ message }) => message).join("\n");
}

// ESLint reads its configuration with the first text, which takes a while.
beforeAll(() => lint("lib/a.ts", ""), 60_000);

describe.each(RULES.map((rule) => [rule.statement, rule] as const))("%s", (_, { message, offences, allowed = [] }) => {
  it.each(offences)("finds the offence in %s: %j", async (path, text) => {
    expect(await lint(path, text)).toMatch(message);
  });

  it.each(allowed)("lets %s through: %j", async (path, text) => {
    expect(await lint(path, text)).toBe("");
  });
});
