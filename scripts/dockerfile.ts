/** One build stage: its base is an image, or the name of an earlier stage. */
export interface Stage {
  name: string;
  base: string;
  steps: readonly Step[];
}

/** One instruction of a stage, with its variables replaced. */
export type Step =
  | { kind: "workdir"; path: string }
  | { kind: "env"; values: Readonly<Record<string, string>> }
  | { kind: "arg"; name: string }
  | { kind: "copy"; from?: string; sources: readonly string[]; target: string }
  | { kind: "run"; command: string }
  | { kind: "user"; name: string }
  | { kind: "command"; words: readonly string[] }
  | { kind: "note" };

/** Instructions that change nothing in a folder. */
const NOTES = new Set(["EXPOSE", "HEALTHCHECK", "LABEL", "STOPSIGNAL"]);

function instructions(text: string): [keyword: string, rest: string][] {
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
  const joined = lines.join("\n").replaceAll(/\\\n/g, " ");
  return joined.split("\n").map((line) => {
    const [, keyword = "", rest = ""] = /^\s*(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
    return [keyword.toUpperCase(), rest];
  });
}

function variables(rest: string): Record<string, string> {
  const pairs = [...rest.matchAll(/(\w+)=("([^"]*)"|\S*)/g)];
  return Object.fromEntries(pairs.map(([, name = "", bare = "", quoted]) => [name, quoted ?? bare]));
}

function copyStep(rest: string): Step {
  const words = rest.split(/\s+/);
  const flags = words.filter((word) => word.startsWith("--"));
  const paths = words.slice(flags.length);
  const target = paths.pop();
  const other = flags.find((flag) => !/^--from=/.test(flag));
  if (other || !target || paths.length === 0) throw new Error(`COPY ${rest} is not understood here.`);
  return { kind: "copy", from: flags[0]?.slice("--from=".length), sources: paths, target };
}

function stepOf(keyword: string, rest: string): Step {
  if (NOTES.has(keyword)) return { kind: "note" };
  switch (keyword) {
    case "WORKDIR":
      return { kind: "workdir", path: rest };
    case "ENV":
      return { kind: "env", values: variables(rest) };
    case "ARG":
      return { kind: "arg", name: rest };
    case "COPY":
      return copyStep(rest);
    case "RUN":
      // With a mount, the step would see files that a folder cannot give it.
      if (!rest.startsWith("--")) return { kind: "run", command: rest };
      break;
    case "USER":
      return { kind: "user", name: rest };
    case "CMD":
      return { kind: "command", words: JSON.parse(rest) as string[] };
  }
  throw new Error(`${keyword} ${rest} is not understood here.`);
}

/** Reads the part of the Dockerfile format that this project uses, and throws at anything else. */
export function parseDockerfile(text: string): Stage[] {
  const given = new Map<string, string>();
  const stages: (Stage & { steps: Step[] })[] = [];
  for (const [keyword, rest] of instructions(text)) {
    const stage = stages.at(-1);
    if (keyword === "FROM") {
      const named = rest.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => given.get(name) ?? "");
      const [, base = "", name = String(stages.length)] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(named) ?? [];
      if (base === "") throw new Error(`FROM ${rest} names no image.`);
      stages.push({ name, base, steps: [] });
    } else if (stage) {
      stage.steps.push(stepOf(keyword, rest));
    } else {
      // Before the first stage there are only arguments, which the FROM lines use.
      for (const [name, value] of Object.entries(variables(rest))) given.set(name, value);
    }
  }
  return stages;
}

/** The stages that `target` needs, in their order; as container engines do, the others are left out. */
export function neededStages(stages: readonly Stage[], target: string): Stage[] {
  const needed = new Set<string>();
  const visit = (name: string) => {
    const stage = stages.find((one) => one.name === name);
    if (!stage || needed.has(name)) return;
    needed.add(name);
    visit(stage.base);
    for (const step of stage.steps) if (step.kind === "copy" && step.from) visit(step.from);
  };
  visit(target);
  if (needed.size === 0) throw new Error(`The Dockerfile has no target ${target}.`);
  return stages.filter(({ name }) => needed.has(name));
}

function ignorePattern(line: string): RegExp {
  const parts = line.split("/").map((part) =>
    part === "**"
      ? "(?:.*/)?"
      : `${part
          .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
          .replaceAll("*", "[^/]*")
          .replaceAll("?", "[^/]")}/`,
  );
  return new RegExp(`^${parts.join("")}`);
}

/** Reads a .dockerignore. The answer is true for paths, relative to the project, that a COPY leaves out. The last line that fits decides. */
export function ignoredBy(text: string): (path: string) => boolean {
  const lines = text.split("\n").map((line) => line.trim());
  const rules = lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ ignored: !line.startsWith("!"), pattern: ignorePattern(line.replace(/^!/, "")) }));
  return (path) => rules.findLast(({ pattern }) => pattern.test(`${path}/`))?.ignored ?? false;
}
