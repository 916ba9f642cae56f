import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ignoredBy, neededStages, parseDockerfile, type Stage, type Step } from "@/scripts/dockerfile";
import { runIn } from "@/scripts/project-copy";

/** The files of a container, and how the image starts it. */
export interface ContainerTree {
  /** The working directory of the container, as a folder of this machine. */
  folder: string;
  env: Readonly<Record<string, string>>;
  user: string;
  command: readonly string[];
}

/** Installs packages into a folder. */
type Install = (folder: string) => unknown;

interface Place extends ContainerTree {
  /** The folder in the place of the container's root. */
  root: string;
  /** Arguments of the build that were given. */
  args: Readonly<Record<string, string>>;
}

/** Runs a command of the image in its folder, with nothing of this machine's environment that an image would not have. */
async function runCommand(command: string, { folder, env, args }: Place): Promise<void> {
  const { PATH = "", HOME = "" } = process.env;
  await runIn(folder, ["sh", "-c", command], { PATH, HOME, ...args, ...env });
}

/** A folder is copied by its contents, a file into the folder that the target's last slash names. */
function copyInto(source: string, target: string, filter: (path: string) => boolean): void {
  const isFolder = statSync(source).isDirectory();
  const to = !isFolder && (target.endsWith("/") || existsSync(target)) ? join(target, basename(source)) : target;
  cpSync(source, to, { recursive: true, verbatimSymlinks: true, filter });
}

function copyFiles({ from, sources, target }: Step & { kind: "copy" }, place: Place, places: Map<string, Place>): void {
  const to = target.startsWith("/") ? join(place.root, target) : `${place.folder}/${target}`;
  const project = process.cwd();
  const isIgnored = ignoredBy(readFileSync(".dockerignore", "utf8"));
  const other = from === undefined ? undefined : places.get(from);
  if (from !== undefined && !other) throw new Error(`COPY --from=${from} names no earlier stage.`);
  for (const source of sources) {
    if (other) copyInto(join(other.root, source), to, () => true);
    else copyInto(resolve(source), to, (path) => path === project || !isIgnored(relative(project, path)));
  }
}

async function runStage(
  stage: Stage,
  places: Map<string, Place>,
  workplace: string,
  install?: Install,
): Promise<Place> {
  const root = join(workplace, stage.name);
  const base = places.get(stage.base);
  let place: Place = base ? { ...base, root } : { root, folder: root, env: {}, args: {}, user: "root", command: [] };
  if (base) {
    cpSync(base.root, root, { recursive: true, verbatimSymlinks: true });
    place.folder = join(root, relative(base.root, base.folder));
  }
  for (const step of stage.steps) {
    if (step.kind === "workdir") place = { ...place, folder: join(root, step.path) };
    if (step.kind === "env") place = { ...place, env: { ...place.env, ...step.values } };
    if (step.kind === "arg") place = { ...place, args: { ...place.args, ...givenArgument(step.name) } };
    if (step.kind === "user") place = { ...place, user: step.name };
    if (step.kind === "command") place = { ...place, command: step.words };
    mkdirSync(place.folder, { recursive: true });
    if (step.kind === "copy") copyFiles(step, place, places);
    if (step.kind === "run" && install && step.command.startsWith("npm ci")) await install(place.folder);
    else if (step.kind === "run") await runCommand(step.command, place);
  }
  return place;
}

function givenArgument(name: string): Record<string, string> {
  const value = process.env[name];
  return value === undefined ? {} : { [name]: value };
}

/**
 * Runs the steps of the Dockerfile one by one, each stage in a folder of `workplace`, with this machine's Node and system in the place of the
 * image's. `install` replaces `npm ci`. The stages before the last are removed, because they hold all packages.
 */
export async function makeContainerTree(workplace: string, target?: string, install?: Install): Promise<ContainerTree> {
  const stages = parseDockerfile(readFileSync("Dockerfile", "utf8"));
  const places = new Map<string, Place>();
  let last: Place | undefined;
  for (const stage of neededStages(stages, target ?? stages.at(-1)?.name ?? "")) {
    last = await runStage(stage, places, workplace, install);
    places.set(stage.name, last);
  }
  if (!last) throw new Error("The Dockerfile has no stages.");
  for (const { root } of places.values()) if (root !== last.root) rmSync(root, { recursive: true });
  return last;
}

/** The size of all files in a folder, in megabytes of a million bytes. */
export function megabytes(folder: string): number {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return paths.reduce((sum, path) => sum + lstatSync(join(folder, path)).size, 0) / 1_000_000;
}

async function main([workplace = mkdtempSync(join(tmpdir(), "container-tree-")), target]: readonly string[]) {
  const { folder, env, command } = await makeContainerTree(resolve(workplace), target);
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  console.log(`${folder}: ${Math.ceil(megabytes(folder))} MB\ncd ${folder} && ${[...settings, ...command].join(" ")}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(process.argv.slice(2));
