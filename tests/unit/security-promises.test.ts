import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

interface Named {
  file: string;
  title: string;
}

/** The tests that a text names: a path in a code span, and a part of a title in quotes. */
function namedTests(text: string): Named[] {
  return [...text.matchAll(/`(tests\/[\w./-]+\.ts)` "([^"]+)"/g)].map(([, file = "", title = ""]) => ({ file, title }));
}

function exists({ file, title }: Named): boolean {
  return existsSync(file) && readFileSync(file, "utf8").includes(title);
}

// A fork may have replaced the document by one of its own: what it does not name cannot be missing.
describe("the tests that SECURITY.md names as proof", () => {
  const text = existsSync("SECURITY.md") ? readFileSync("SECURITY.md", "utf8") : "";

  it("all exist", () => {
    expect(namedTests(text).filter((named) => !exists(named))).toEqual([]);
  });

  it("are looked for by file and title", () => {
    const [found] = namedTests('| 1 | a promise | `tests/unit/security-promises.test.ts` "are looked for by file" |');
    expect(found && exists(found)).toBe(true);
    const [other] = namedTests('`tests/unit/security-promises.test.ts` "there is ' + 'no such title"');
    expect(other && exists(other)).toBe(false);
  });
});
