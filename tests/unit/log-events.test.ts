import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readProjectSources } from "@/tests/support/source-rules";

const DOCUMENT = "docs/operation.md";

/** The ways in which the code names an event of the log. A text that is chosen or put together elsewhere has its own. */
const NAMED_BY: readonly RegExp[] = [
  /(?:\.(?:info|warn|error)|\[\w+\])\(\s*"([^"]+)"/g,
  /\b(?:logOutcome|logRarely)\([\w.]+, "([^"]+)"/g,
  /\bwriteError\([^"]*"\w+", "([^"]+)"/g,
  // What `authorisedCall` and `noteInLogAndAudit` are given; the audit table's own events are on lines that name it.
  /^(?!.*\baudit\b).*\bevent: "([^"]+)"(?=,| \})/gm,
  /\b[A-Z]+_CALL = "([^"]+)"/g,
  /\bconst event = .*\? "([^"]+)" : "([^"]+)"/g,
  // `lib/http/refusals.ts`
  /"((?:refused|callback)\.[\w-]+|sign-in\.refused)"/g,
  // `lib/http/request-fault.ts`
  /"((?:request|action)\.[\w-]+)"/g,
];

function isServerSource(path: string): boolean {
  return /^(app|lib)\/|^(proxy|instrumentation)\.ts$/.test(path);
}

function eventsOf(text: string): string[] {
  return NAMED_BY.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, ...names]) => names));
}

/** The events in the first column of the log's table. */
function listedIn(text: string): string[] {
  const [, rest = ""] = text.split("\n## The log\n");
  const [section = ""] = rest.split("\n## ");
  const cells = section.split("\n").flatMap((line) => /^\| (`.*?) +\|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
}

const sources = readProjectSources().filter(({ path }) => isServerSource(path));
const events = [...new Set(sources.flatMap(({ text }) => eventsOf(text)))].sort();

it("events are found, however the code names them", () => {
  const named = ["sonar.call", "provider.call", "chain.call", "oauth.discovery", "oauth.authorize.stray", "console"];
  expect(events).toEqual(expect.arrayContaining([...named, "unhandled-error", "hidden-error", "action.unknown"]));
  expect(events).toEqual(expect.arrayContaining(["sign-in", "session.replaced", "callback.no-session"]));
});

// A fork may remove or replace the document: what is not there cannot be wrong.
const text = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, "utf8") : "";

it.runIf(text.includes("\n## The log\n"))("every event of the log is in the operator's table, and no other", () => {
  const listed = listedIn(text);
  expect(events.filter((event) => !listed.includes(event))).toEqual([]);
  expect(listed.filter((event) => !events.includes(event))).toEqual([]);
});
