import { describe, expect, it } from "vitest";
import { edited, readRecipes } from "@/scripts/recipes";

const MARKDOWN = `# Recipes

## One

\`\`\`ts file=lib/a.ts
## not a heading
const a = 1;
\`\`\`

### Below it

1. In a list:

   \`\`\`ts insert=lib/b.ts after="import { c } from "c";"

   if (a) {
     b();
   }
   \`\`\`

\`\`\`sh
npm install -E left@1.0.0
npm run use-it -- now
\`\`\`

\`\`\`ts replace=lib/c.ts line="  list: [],"
  list: [1],
\`\`\`

## Two

\`\`\`ts
shown(only);
\`\`\`
`;

describe("reading a recipe", () => {
  it("finds its steps in order, those below sub-headings and in lists too, and only the commands that install", () => {
    expect(readRecipes(MARKDOWN).get("One")).toEqual([
      { kind: "file", path: "lib/a.ts", text: "## not a heading\nconst a = 1;\n" },
      { kind: "insert", path: "lib/b.ts", after: 'import { c } from "c";', text: "\nif (a) {\n  b();\n}\n" },
      { kind: "command", command: "npm install -E left@1.0.0" },
      { kind: "replace", path: "lib/c.ts", line: "  list: [],", text: "  list: [1],\n" },
    ]);
  });

  it("takes a block without a place as an illustration", () => {
    expect([...readRecipes(MARKDOWN).keys()]).toEqual(["One", "Two"]);
    expect(readRecipes(MARKDOWN).get("Two")).toEqual([]);
  });

  it.each(["files=lib/a.ts", 'file=lib/a.ts after="x"', "insert=lib/a.ts", 'replace=lib/a.ts after="x"'])(
    "refuses the place %s instead of skipping the block",
    (place) => {
      expect(() => readRecipes(`## One\n\`\`\`ts ${place}\n\`\`\`\n`)).toThrow(place);
    },
  );
});

describe("editing a file", () => {
  const insert = { kind: "insert", path: "a.ts", after: "two", text: "new\n" } as const;

  it("inserts after the line, or puts text in its place, whatever its indentation", () => {
    expect(edited("one\n  two\nthree\n", insert)).toBe("one\n  two\nnew\nthree\n");
    expect(edited("one\n  two\nthree\n", { ...insert, kind: "replace", line: "two" })).toBe("one\nnew\nthree\n");
  });

  it.each(["one\n", "two\ntwo\n", "two;\n"])("refuses a file without exactly one such line: %j", (text) => {
    expect(() => edited(text, insert)).toThrow('a.ts has the line "two"');
  });
});
