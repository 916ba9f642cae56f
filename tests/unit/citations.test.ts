import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readProjectSources } from "@/tests/support/source-rules";

interface Citation {
  paper: string;
  section: string;
}

const PAPER = /\b([\w-]+)\.md\b(?: (?:section )?(\d+(?:\.\d+)*)((?:(?:,| and|, and| to) \d+(?:\.\d+)*)*))?/g;

/** References of a text to another document: "sonar.md 4.3, 4.9 and 4.10" is three citations; one without a number is of section "". */
function citationsIn(text: string): Citation[] {
  return [...text.matchAll(PAPER)].flatMap(([, name = "", first = "", more = ""]) => {
    const sections = [first, ...(more.match(/\d+(?:\.\d+)*/g) ?? [])];
    return sections.map((section) => ({ paper: `docs/${name}.md`, section }));
  });
}

/** These are cited by section, always: their facts are numbered. */
const NUMBERED = ["docs/sonar.md", "docs/providers.md"];

function sectionsOf(paper: string): string[] {
  if (!existsSync(paper)) return [];
  return [...readFileSync(paper, "utf8").matchAll(/^#{2,3} (\d+(?:\.\d+)*)\.? /gm)].map(([, number = ""]) => number);
}

describe("the sections that comments cite", () => {
  // These files make up papers, or name documents that are no papers, and the README is not cited by section.
  const cited = readProjectSources()
    .filter(({ path }) => !/\/((citations|docs|security-promises)\.test|document-mentions|remove)\.ts$/.test(path))
    .flatMap(({ path, text }) => citationsIn(text).map((citation) => ({ path, ...citation })))
    .filter(({ paper }) => paper !== "docs/README.md");

  it("are found, several in one place too", () => {
    // A fork may have removed the sandbox, which has most of them.
    expect(cited.length).toBeGreaterThan(existsSync("sandbox") ? 80 : 20);
    const several = "sonar.md 4.3, 4.9 and 4.10), providers.md section 5, practice.md";
    expect(citationsIn(several).map(({ section }) => section)).toEqual(["4.3", "4.9", "4.10", "5", ""]);
  });

  it("all exist", () => {
    const isThere = ({ paper, section }: Citation) =>
      NUMBERED.includes(paper) ? sectionsOf(paper).includes(section) : section === "" && existsSync(paper);
    expect(cited.filter((citation) => !isThere(citation))).toEqual([]);
  });
});

describe.each(NUMBERED)("%s", (paper) => {
  const text = readFileSync(paper, "utf8");

  it("names only files that exist", () => {
    const paths = text.match(/(?<![\w/.])(?:lib|tests|sandbox)\/[\w./-]*\w/g) ?? [];
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it("refers only to sections that it has", () => {
    const sections = [...text.matchAll(/(?:\(|\bof )(\d\.\d+)\b/g)].map(([, number = ""]) => number);
    expect(sections.filter((section) => !sectionsOf(paper).includes(section))).toEqual([]);
  });
});
