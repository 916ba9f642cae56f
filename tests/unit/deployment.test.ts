import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { ignoredBy, neededStages, parseDockerfile } from "@/scripts/dockerfile";

const WORKFLOW = ".github/workflows/ci.yml";

/** The values of a key, at any depth. A parser of YAML would be a package for one test. */
function valuesOf(key: string, yaml: string): string[] {
  return [...yaml.matchAll(new RegExp(`^\\s*(?:- )?${key}: (.+)$`, "gm"))].map(([, value = ""]) => value);
}

test.skipIf(!existsSync(WORKFLOW))("the workflow runs what a bare machine runs, on the recommended Node too", () => {
  const workflow = readFileSync(WORKFLOW, "utf8");
  expect(valuesOf("run", workflow)).toEqual(["bash .ci/run"]);
  expect(valuesOf("node", workflow).join()).toContain(`"${readFileSync(".nvmrc", "utf8").trim()}"`);
  // A tag can be moved to other code, a commit cannot.
  expect(valuesOf("uses", workflow).filter((action) => !/@[0-9a-f]{40} # v\d/.test(action))).toEqual([]);
});

const SAMPLE = `
ARG IMAGE=node:24
FROM \${IMAGE} AS build
WORKDIR /app
COPY a.json b.json ./
RUN one && \\
  two
FROM \${IMAGE} AS other
RUN three
FROM \${IMAGE}
COPY --from=build /app/out ./
ENV A=1 B="2 3"
CMD ["node", "server.js"]
`;

describe("the Dockerfile's steps", () => {
  it("are read in their order, with arguments and continued lines", () => {
    const [build, , last] = parseDockerfile(SAMPLE);
    expect(build).toEqual({
      name: "build",
      base: "node:24",
      steps: [
        { kind: "workdir", path: "/app" },
        { kind: "copy", from: undefined, sources: ["a.json", "b.json"], target: "./" },
        { kind: "run", command: "one &&    two" },
      ],
    });
    expect(last?.steps).toEqual([
      { kind: "copy", from: "build", sources: ["/app/out"], target: "./" },
      { kind: "env", values: { A: "1", B: "2 3" } },
      { kind: "command", words: ["node", "server.js"] },
    ]);
  });

  it("are only those that the target needs", () => {
    expect(neededStages(parseDockerfile(SAMPLE), "2").map(({ name }) => name)).toEqual(["build", "2"]);
    expect(() => neededStages(parseDockerfile(SAMPLE), "none")).toThrow("no target none");
  });

  it.each(["ADD . .", "COPY --chown=node . .", "RUN --mount=type=cache,target=/x npm ci", "COPY ."])(
    "that a folder cannot follow (%s) are an error",
    (line) => {
      expect(() => parseDockerfile(`FROM node\n${line}`)).toThrow("is not understood here");
    },
  );

  it.skipIf(!existsSync("nginx.conf"))(
    "end with an image that does not run as root, on the port that nginx asks",
    () => {
      const app = parseDockerfile(readFileSync("Dockerfile", "utf8")).at(-1);
      expect(app).toMatchObject({ name: "app", steps: [{ kind: "user", name: "node" }] });
      const [, port] = /PORT=(\d+)/.exec(readFileSync("Dockerfile", "utf8")) ?? [];
      expect(readFileSync("nginx.conf", "utf8")).toContain(`server app:${port} `);
    },
  );
});

test.skipIf(!existsSync("nginx.conf"))("nginx counts an IPv6 visitor's network, of which the visitor has all", () => {
  const config = readFileSync("nginx.conf", "utf8");
  const pattern = new RegExp(/"~(.+)" \$network;/.exec(config)?.[1] ?? "", "u");
  const networkOf = (address: string) => pattern.exec(address)?.groups?.["network"] ?? address;
  // As nginx writes addresses.
  expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
  expect(networkOf("2001:db8:1:2::9")).toBe("2001:db8:1:2");
  expect(networkOf("2001:db8:1::9")).toBe("2001:db8:1");
  for (const whole of ["203.0.113.9", "::ffff:203.0.113.9", "::1"]) expect(networkOf(whole)).toBe(whole);
  const counted = [...config.matchAll(/limit_req_zone (\S+)/g)].map(([, key]) => key);
  expect(new Set(counted)).toEqual(new Set(["$visitor_network"]));
});

test.skipIf(!existsSync("nginx.conf"))(
  "nginx limits every path but the health check, pages apart from their files",
  () => {
    const config = readFileSync("nginx.conf", "utf8");
    const locations = [...config.matchAll(/location (.+) \{([^}]*)\}/g)];
    const zones = locations.map(([, path, lines = ""]) => [path, /limit_req zone=(\w+) /.exec(lines)?.[1]]);
    expect(Object.fromEntries(zones)).toEqual({
      "/": "pages",
      "/_next/static/": "files",
      "/auth/": "sign_in",
      "/api/": "api",
      "= /api/health": undefined,
    });
    expect(config).toContain("limit_req_status 429;");
    const files = locations.find(([, path]) => path === "/_next/static/");
    expect(files?.[2], "a script of the other build in a roll-out").toContain(
      "proxy_next_upstream error timeout http_404;",
    );
  },
);

test.skipIf(!existsSync("Dockerfile"))(
  ".dockerignore keeps secrets, output and tests out of the build, and the product in",
  () => {
    const isIgnored = ignoredBy(readFileSync(".dockerignore", "utf8"));
    const out = [
      ".env",
      ".env.local",
      ".git/config",
      "node_modules/next/a.js",
      ".next/BUILD_ID",
      ".data/secrets.json",
      "tests/a.ts",
    ];
    expect(out.filter((path) => !isIgnored(path))).toEqual([]);
    const inside = [
      "app/page.tsx",
      "lib/stores/migrate.ts",
      "sandbox/start.ts",
      "package-lock.json",
      "public/robots.txt",
    ];
    expect(inside.filter(isIgnored)).toEqual([]);
  },
);

test("in a .dockerignore, the last line that fits decides", () => {
  const isIgnored = ignoredBy("# comment\n**/*.txt\n!README.txt\na/?.ts\n");
  const paths = ["x.txt", "a/b/x.txt", "README.txt", "a/b.ts", "a/bc.ts", "x.txt/deep"];
  expect(paths.filter(isIgnored)).toEqual(["x.txt", "a/b/x.txt", "a/b.ts", "x.txt/deep"]);
});
