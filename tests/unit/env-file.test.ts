import nextEnv from "@next/env";
import {
  chmodSync,
  chownSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { commentOf, readEnvFile, valuesOf, withValues, writeEnvFile, written } from "@/scripts/env-file";
import { temporaryFolder } from "@/tests/support/temporary-folder";

function folder(): string {
  const { path, remove } = temporaryFolder();
  onTestFinished(remove);
  return path;
}

const EXAMPLE = `# Introduction.

# --- Part ---
# The first line of an explanation
# and the second.
ONE=
# Another.
TWO=
`;

describe("the text of an .env file", () => {
  it("keeps comments, order and unknown variables when values are set", () => {
    expect(withValues(`${EXAMPLE}OTHER=kept # why\n`, { TWO: "2" }, EXAMPLE)).toBe(
      `${EXAMPLE.replace("TWO=", "TWO=2")}OTHER=kept # why\n`,
    );
  });

  it("gets a variable that it lacks at its end, under the comment of the example", () => {
    expect(withValues("OTHER=kept", { TWO: "2" }, EXAMPLE)).toBe("OTHER=kept\n# Another.\nTWO=2\n");
  });

  it("is changed where the value counts: the last of several lines, the whole of a value with several", () => {
    expect(withValues("A=1\nA=2\nB=3\n", { A: "9" }, "")).toBe("A=1\nA=9\nB=3\n");
    expect(withValues('export A="1\n2"\nB=3\n', { A: "9" }, "")).toBe("A=9\nB=3\n");
  });

  it("is not changed inside another variable's value of several lines, whatever that looks like", () => {
    const other = 'OTHER="first\nA=inside\nlast"\n';
    expect(withValues(other, { A: "9" }, "")).toBe(`${other}A=9\n`);
    expect(withValues(`A=1\n${other}`, { A: "9" }, "")).toBe(`A=9\n${other}`);
    expect(commentOf(`# mine\nA=1\n# not mine\n${other}`, "A")).toBe("mine");
    expect(valuesOf(withValues(other, { A: "9" }, ""))).toEqual({ OTHER: "first\nA=inside\nlast", A: "9" });
  });

  it("is not changed at all where a value would be read back as another one", () => {
    expect(() => withValues("A=1\n", { A: "\"'`" }, "")).toThrow(/^A would be .* set A by hand/);
  });

  it("loses a value that is removed, and keeps its comment", () => {
    expect(withValues("# why\nA=1\n", { A: "", B: "" }, "")).toBe("# why\nA=\n");
  });

  it("keeps the line ends of Windows", () => {
    expect(withValues("A=1\r\nB=2\r\n", { A: "9", C: "3" }, "")).toBe("A=9\r\nB=2\r\nC=3\r\n");
  });

  it("keeps line ends of CR alone, which Next reads as such", () => {
    const text = "# why\rA=1\r# other\rB=2\r";
    expect(valuesOf(text)).toEqual({ A: "1", B: "2" });
    expect(commentOf(text, "B")).toBe("other");
    const edited = withValues(text, { A: "9", C: "3" }, "");
    expect(edited).toBe("# why\rA=9\r# other\rB=2\rC=3\r");
    const path = folder();
    writeFileSync(join(path, ".env"), edited.replace(/\b([ABC])=/g, "TEST_OF_ENV_FILE_$1="));
    const quiet = { info: () => undefined, error: () => undefined };
    onTestFinished(() => nextEnv.resetEnv());
    expect(nextEnv.loadEnvConfig(path, true, quiet, true).combinedEnv).toMatchObject({
      TEST_OF_ENV_FILE_A: "9",
      TEST_OF_ENV_FILE_B: "2",
      TEST_OF_ENV_FILE_C: "3",
    });
  });

  it("explains a variable by the comment above it", () => {
    expect(commentOf(EXAMPLE, "ONE")).toBe("The first line of an explanation and the second.");
    expect(commentOf(EXAMPLE, "THREE")).toBe("");
  });

  it("cannot hold a line break, nor all three kinds of quotes with something to quote", () => {
    expect([written("a\nB=2"), written("\"'`")]).toEqual([undefined, undefined]);
    // Between double quotes, a backslash with "n" would be read back as a line break.
    expect([written("'`\\n"), written("'`\\r"), written("'\\n")]).toEqual([undefined, undefined, "`'\\n`"]);
  });
});

describe("values come back as they were, also through Next", () => {
  const NAME = "TEST_OF_ENV_FILE";
  afterEach(() => {
    delete process.env[NAME];
    nextEnv.resetEnv();
  });

  it.each([
    "plain",
    "postgres://user:p$word@host/db?sslmode=verify-full",
    "a#b c",
    "a\\$b${HOME}$HOME",
    `it's "quoted"`,
    "back`tick'",
    "trailing=",
    "a\\nb",
    "it's a\\nb",
    "it's a\\rb",
    "it's \\",
  ])("%s", (value) => {
    const path = folder();
    const text = withValues("", { [NAME]: value }, "");
    writeEnvFile(join(path, ".env"), text);
    expect(valuesOf(text)).toEqual({ [NAME]: value });
    const quiet = { info: () => undefined, error: () => undefined };
    expect(nextEnv.loadEnvConfig(path, true, quiet, true).combinedEnv[NAME]).toBe(value);
  });
});

describe("the file", () => {
  /** The mode of a file that had another one before it was written. */
  function modeAfter(mode: number): number {
    const file = join(folder(), ".env");
    writeFileSync(file, "A=1\n");
    chmodSync(file, mode);
    writeEnvFile(file, "A=2\n");
    return statSync(file).mode & 0o777;
  }

  it("stays readable for its group, and for nobody else", () => {
    expect([0o640, 0o600, 0o660, 0o400].map(modeAfter)).toEqual([0o640, 0o600, 0o660, 0o400]);
    expect([0o644, 0o604, 0o666].map(modeAfter)).toEqual([0o600, 0o600, 0o600]);
  });

  it.runIf(process.getuid?.() === 0)("stays its owner's and its group's, whoever writes it", () => {
    const file = join(folder(), ".env");
    writeFileSync(file, "A=1\n");
    chownSync(file, 4_711, 4_712);
    chmodSync(file, 0o640);
    writeEnvFile(file, "A=2\n");
    const { uid, gid, mode } = statSync(file);
    expect([uid, gid, mode & 0o777]).toEqual([4_711, 4_712, 0o640]);
  });

  it("that others could read can be read by its owner only, and leaves no draft", () => {
    const path = folder();
    const file = join(path, ".env");
    writeFileSync(file, "A=1\n");
    chmodSync(file, 0o644);
    writeEnvFile(file, "A=2\n");
    expect([readEnvFile(file), statSync(file).mode & 0o777, readdirSync(path)]).toEqual(["A=2\n", 0o600, [".env"]]);
  });

  it("that is a link stays one", () => {
    const path = folder();
    writeFileSync(join(path, "shared"), "A=1\n");
    symlinkSync(join(path, "shared"), join(path, ".env"));
    writeEnvFile(join(path, ".env"), "A=2\n");
    expect(lstatSync(join(path, ".env")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(path, "shared"), "utf8")).toBe("A=2\n");
  });

  it("that is a link to nothing stays one, and the error names where it leads", () => {
    const path = folder();
    const file = join(path, ".env");
    symlinkSync("not-mounted/secrets", file);
    expect(() => writeEnvFile(file, "A=2\n")).toThrow(/ is a link to not-mounted\/secrets, which is not there\./);
    expect([lstatSync(file).isSymbolicLink(), readdirSync(path)]).toEqual([true, [".env"]]);
  });

  it("whose rights change says so", () => {
    const file = join(folder(), ".env");
    expect(writeEnvFile(file, "A=1\n")).toBeUndefined();
    expect(writeEnvFile(file, "A=2\n")).toBeUndefined();
    chmodSync(file, 0o644);
    expect(writeEnvFile(file, "A=3\n")).toMatch(/ had mode 0644 and has 0600 now: it holds secrets/);
  });

  it("that is not there is empty", () => {
    expect(readEnvFile(join(folder(), ".env"))).toBe("");
  });
});
