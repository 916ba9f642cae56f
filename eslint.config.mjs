import nextVitals from "eslint-config-next/core-web-vitals";
import nextTypescript from "eslint-config-next/typescript";

const TYPESCRIPT = ["**/*.ts", "**/*.tsx"];

const strict = {
  files: TYPESCRIPT,
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: {
    eqeqeq: "error",
    "no-console": "error",
    "no-restricted-syntax": [
      "error",
      { selector: "TSEnumDeclaration", message: "Use a union of literals." },
      { selector: "ExportAllDeclaration", message: "No barrels: import from the file that defines it." },
    ],
    "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
    "@typescript-eslint/await-thenable": "error",
    "@typescript-eslint/consistent-type-imports": "error",
    "@typescript-eslint/no-explicit-any": "error",
    "@typescript-eslint/no-floating-promises": "error",
    "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    "@typescript-eslint/no-non-null-assertion": "error",
    "@typescript-eslint/no-unnecessary-type-assertion": "error",
    "@typescript-eslint/no-unused-vars": [
      "error",
      { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "all" },
    ],
    "@typescript-eslint/only-throw-error": "error",
    "@typescript-eslint/prefer-promise-reject-errors": "error",
    "@typescript-eslint/return-await": ["error", "in-try-catch"],
    "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
  },
};

/** sonar-react keeps tokens in the browser; its hook types are what ours are held against. */
const typesOnlyOfSonarReact = {
  files: TYPESCRIPT,
  rules: {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      {
        paths: [
          {
            name: "@echoxyz/sonar-react",
            allowTypeImports: true,
            message: "Types only: this app's own hooks are in hooks/.",
          },
        ],
      },
    ],
  },
};

/** lib is the lowest layer: it knows nothing of pages, hooks and components. */
const layers = {
  files: ["lib/**/*.ts"],
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [{ group: ["@/app/*", "@/hooks/*", "@/components/*", "@/tests/*"] }] },
    ],
  },
};

/** The ways home and out are full loads on purpose: no cached data may outlive its user, and they work without script. */
const fullPageLoads = {
  rules: { "@next/next/no-html-link-for-pages": "off", "@next/next/no-location-assign-relative-destination": "off" },
};

/** Server components run once for a request, so they may ask for the time; the rule takes them for client components. */
const serverComponents = { files: ["app/**/page.tsx", "app/**/layout.tsx"], rules: { "react-hooks/purity": "off" } };

/** Programs for a terminal speak through the console. */
const terminal = {
  files: ["scripts/**", "sandbox/**", "tests/**", "playwright.config.ts"],
  rules: { "no-console": "off" },
};

/** A describe block is one function with many tests in it. */
const tests = { files: ["tests/**"], rules: { "max-lines-per-function": "off" } };

/** Playwright calls a fixture's continuation `use`, which the rule takes for React's hook of that name. */
const browserFixtures = { files: ["tests/support/**", "tests/e2e/**"], rules: { "react-hooks/rules-of-hooks": "off" } };

const config = [
  ...nextVitals,
  ...nextTypescript,
  strict,
  typesOnlyOfSonarReact,
  layers,
  fullPageLoads,
  serverComponents,
  terminal,
  tests,
  browserFixtures,
  { ignores: [".next/", ".data/", "test-results/", "coverage/"] },
];

export default config;
