import nextVitals from "eslint-config-next/core-web-vitals";
import nextTypescript from "eslint-config-next/typescript";

const TYPESCRIPT = ["**/*.ts", "**/*.tsx"];

/** A restriction of `no-restricted-syntax` by an esquery selector. */
const NO_ENUMS = { selector: "TSEnumDeclaration", message: "Use a union of literals." };

const NO_BARRELS = [
  "ExportAllDeclaration",
  "ExportNamedDeclaration[source]",
  // A file that imports and then only lists exports.
  "Program:not(:has(> :not(ImportDeclaration, ExportNamedDeclaration[declaration=null]))) > ExportNamedDeclaration",
].map((selector) => ({ selector, message: "No barrels: import from the file that defines it." }));

/** Such a variable is fixed at build time: one build could not serve every environment. */
const NO_BUILD_TIME_SETTINGS = [
  "Identifier[name=/NEXT_PUBLIC_/]",
  "Literal[value=/NEXT_PUBLIC_/]",
  "TemplateElement[value.raw=/NEXT_PUBLIC_/]",
].map((selector) => ({ selector, message: "No NEXT_PUBLIC_ variables: read the setting on the server." }));

/** Every export of a "use server" file is an endpoint that anybody can call, so there is one place to look for them. */
const NO_ACTIONS = {
  selector: 'ExpressionStatement[directive="use server"]',
  message: '"use server" belongs in app/actions only.',
};

/** An export beside the actions would become an endpoint without its checks, or break the build in production only. */
const ACTIONS_ONLY = [
  "Program[body.length=0]",
  'Program > :first-child:not(ExpressionStatement[directive="use server"])',
  "ExportDefaultDeclaration",
  "TSExportAssignment",
  "ExportNamedDeclaration[declaration=null]",
  "ExportNamedDeclaration[declaration.type!=/^(FunctionDeclaration|VariableDeclaration)$/]",
  "ExportNamedDeclaration > FunctionDeclaration[async=false]",
  'ExportNamedDeclaration > VariableDeclaration > VariableDeclarator:not([init.callee.name="createSonarServerAction"])',
].map((selector) => ({
  selector,
  message: 'An action file begins with "use server" and exports async functions or createSonarServerAction(...) only.',
}));

/** sonar-react's types for the hooks that keep tokens in the browser, which this app must not offer. */
const NO_BROWSER_TOKENS = {
  selector:
    "ImportDeclaration[source.value=/^@echoxyz.sonar-react/] > ImportSpecifier[imported.name=/^(useSonarAuth|useSonarClient|SonarProvider)$/]",
  message: "This part of sonar-react keeps tokens in the browser.",
};

/** The plain values of sonar-core. Its client, storage and PKCE helpers belong to the server. */
const SONAR_ENUMS =
  "EntitySetupState|EntityType|InvestingRegion|PrePurchaseFailureReason|PurchasePermitType|SaleEligibility";

const CLIENT_FILE = 'Program:not(:has(> ImportDeclaration[source.value="server-only"]))';
const SONAR_CORE_IMPORT = `${CLIENT_FILE} > ImportDeclaration[source.value=/^@echoxyz.sonar-core/][importKind!="type"]`;

const ENUMS_ONLY_FOR_CLIENTS = [
  `${SONAR_CORE_IMPORT} > ImportSpecifier[importKind!="type"][imported.name!=/^(${SONAR_ENUMS})$/]`,
  `${SONAR_CORE_IMPORT} > :matches(ImportDefaultSpecifier, ImportNamespaceSpecifier)`,
  `${SONAR_CORE_IMPORT}[specifiers.length=0]`,
  `${CLIENT_FILE} ImportExpression[source.value=/^@echoxyz.sonar-core/]`,
].map((selector) => ({
  selector,
  message: 'A file without "server-only" imports sonar-core\'s enums and types only: its client would call Echo.',
}));

const JSX = ":matches(JSXElement, JSXFragment)";
const TEXT = "Literal|TemplateLiteral|Identifier|MemberExpression|CallExpression";
/** Parts of a page that a component gets as elements, by the names that such properties have here, and lists of elements. */
const ELEMENTS =
  ":matches([expression.name=/^(action|control|page|strip|wallet)$/], [expression.callee.property.name=/^(map|from)$/])";
const BARE_TEXT = `:matches(${[
  "JSXText[value=/\\S/]",
  "JSXText[value=/^[^\\S\\n]+$/]",
  `JSXExpressionContainer[expression.type=/^(${TEXT})$/]:not(${ELEMENTS})`,
  `JSXExpressionContainer[expression.right.type=/^(${TEXT})$/]`,
  ...["consequent", "alternate"].flatMap((branch) => [
    `JSXExpressionContainer[expression.${branch}.type=/^(TemplateLiteral|MemberExpression|CallExpression)$/]`,
    `JSXExpressionContainer[expression.${branch}.raw=/^["']/]`,
  ]),
].join(", ")})`;
const SIBLING = `:matches(${JSX}, JSXText[value=/\\S/], JSXExpressionContainer:not([expression.type="JSXEmptyExpression"]))`;

/**
 * A page translator replaces each text by elements of its own. React then fails where it has to remove that text or to put something before
 * it, and a change of it is never shown. Only the text of an element that has nothing else in it is always written anew.
 */
const LONELY_TEXTS = [
  `${JSX} > ${SIBLING} ~ ${BARE_TEXT}`,
  `${JSX}:has(> ${BARE_TEXT} ~ ${SIBLING}) > ${BARE_TEXT}`,
  `JSXFragment > ${BARE_TEXT}`,
  `JSXElement[openingElement.name.name="Fragment"] > ${BARE_TEXT}`,
  "FunctionDeclaration[id.name=/^[A-Z]/] > BlockStatement > ReturnStatement > :matches(TemplateLiteral, Literal[raw=/^[\"']/])",
].map((selector) => ({
  selector,
  message: "Text beside something else needs an element of its own, or page translators break the page.",
}));

/** Forbids modules by name, in static and dynamic imports. */
function forbid(regex, message, options = {}) {
  const selector = `ImportExpression[source.value=/${regex.replaceAll("/", "\\u002F")}/]`;
  return { pattern: { regex, message, ...options }, syntax: { selector, message } };
}

const SONAR_REACT = forbid(
  "^@echoxyz/sonar-react",
  "Types only: sonar-react keeps tokens in the browser, and this app's own hooks are in hooks/.",
  { allowTypeImports: true },
);

function forbidFolders(folders, message) {
  return forbid(`^(@|\\.\\.)/(\\.\\./)*(${folders})(/|$)`, message);
}

const TESTS = forbidFolders("tests", "The app imports nothing of its tests.");
const SANDBOX = forbidFolders("sandbox", "Only lib/start-sandbox.ts imports sandbox/, which a fork may delete.");
const APP_FOR_LIB = forbidFolders("app|hooks|components", "lib is the lowest layer.");
const APP_FOR_HOOKS = forbidFolders("app(?!/actions/)|components", "Of the layers above, hooks import actions only.");
const APP_FOR_COMPONENTS = forbidFolders("app", "Components get what they need from app/ as properties.");
const APP_FOR_FOREIGN = forbidFolders(
  "app|hooks|components|lib|sandbox",
  "A foreign client uses the sandbox as a stranger's app does: over HTTP, by its documents.",
);
const APP_FOR_SANDBOX = forbidFolders(
  "app|hooks|components|lib(?!/config/sandbox$)",
  "The sandbox imports nothing of the app but lib/config/sandbox.",
);

/** ESLint takes only the last match of a rule, so that each folder gets one list with all its restrictions. */
function restrict(files, { imports = [], syntax = [], ...rest }) {
  return {
    files,
    ...rest,
    rules: {
      "no-restricted-syntax": ["error", NO_ENUMS, ...NO_BARRELS, ...syntax, ...imports.map((rule) => rule.syntax)],
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: imports.map(({ pattern }) => pattern) }],
    },
  };
}

const APP_SYNTAX = [...NO_BUILD_TIME_SETTINGS, NO_BROWSER_TOKENS, ...ENUMS_ONLY_FOR_CLIENTS, ...LONELY_TEXTS];
const ELSEWHERE_SYNTAX = [...NO_BUILD_TIME_SETTINGS, NO_ACTIONS];

/** Layers, packages and forms that a folder does without. */
const restrictions = [
  restrict(["tests/**/*.{ts,tsx,mjs}"], { syntax: [NO_ACTIONS], imports: [SONAR_REACT] }),
  restrict(["tests/foreign/**/*.{ts,tsx}"], { imports: [APP_FOR_FOREIGN] }),
  restrict(["scripts/**/*.{ts,mjs}"], { syntax: ELSEWHERE_SYNTAX, imports: [SONAR_REACT] }),
  restrict(["*.{ts,mjs}"], {
    syntax: ELSEWHERE_SYNTAX,
    imports: [SONAR_REACT, SANDBOX],
    ignores: ["eslint.config.mjs"],
  }),
  restrict(["sandbox/**/*.ts"], { syntax: ELSEWHERE_SYNTAX, imports: [TESTS, SONAR_REACT, APP_FOR_SANDBOX] }),
  restrict(["lib/**/*.{ts,tsx}"], {
    syntax: [...APP_SYNTAX, NO_ACTIONS],
    imports: [TESTS, SONAR_REACT, APP_FOR_LIB, SANDBOX],
  }),
  restrict(["lib/start-sandbox.ts"], {
    syntax: [...APP_SYNTAX, NO_ACTIONS],
    imports: [TESTS, SONAR_REACT, APP_FOR_LIB],
  }),
  restrict(["hooks/**/*.{ts,tsx}"], {
    syntax: [...APP_SYNTAX, NO_ACTIONS],
    imports: [TESTS, SONAR_REACT, APP_FOR_HOOKS, SANDBOX],
  }),
  restrict(["components/**/*.{ts,tsx}"], {
    syntax: [...APP_SYNTAX, NO_ACTIONS],
    imports: [TESTS, SONAR_REACT, APP_FOR_COMPONENTS, SANDBOX],
  }),
  restrict(["app/**/*.{ts,tsx}"], {
    syntax: [...APP_SYNTAX, NO_ACTIONS],
    imports: [TESTS, SONAR_REACT, SANDBOX],
  }),
  restrict(["app/actions/**/*.{ts,tsx}"], {
    syntax: [...APP_SYNTAX, ...ACTIONS_ONLY],
    imports: [TESTS, SONAR_REACT, SANDBOX],
  }),
];

/** Echo's guide imports types like values, and has its actions where its pages are. Nothing of this is built. */
const fromTheGuide = {
  files: ["tests/from-the-guide/**/*.{ts,tsx}"],
  rules: { "@typescript-eslint/consistent-type-imports": "off", "no-restricted-syntax": "off" },
};

/** ABIs and fixtures are data. */
const shortFiles = {
  files: ["**/*.{ts,tsx,mjs}"],
  ignores: ["**/{abi,*-abi,fixture,fixtures,*-fixture,*-fixtures}.*", "**/{abi,fixture,fixtures}/**"],
  rules: { "max-lines": ["error", 300] },
};

const strict = {
  files: TYPESCRIPT,
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: {
    eqeqeq: "error",
    "no-console": "error",
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
  ...restrictions,
  fromTheGuide,
  shortFiles,
  fullPageLoads,
  serverComponents,
  terminal,
  tests,
  browserFixtures,
  { ignores: [".next/", ".data/", "test-results/", "coverage/"] },
];

export default config;
