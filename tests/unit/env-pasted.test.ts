import { describe, expect, it } from "vitest";
import { migrationTarget } from "@/lib/config/database-settings";
import { checkEnv } from "@/lib/config/env";
import { liveEnvironment } from "@/tests/support/live-environment";

function problemOf(variable: string, value: string): string | undefined {
  const check = checkEnv({ ...liveEnvironment, [variable]: value });
  return check.ok ? undefined : check.problems.find((one) => one.variable === variable)?.problem;
}

const RPC = "https://rpc.example.com/v2/key";

/** A right value of every variable that is a URL, or several. */
const URLS: Readonly<Record<string, string>> = {
  APP_URL: "https://sale.example.com",
  SONAR_REDIRECT_URI: "https://sale.example.com/oauth/callback",
  SONAR_API_URL: "https://api.example.com",
  SONAR_FRONTEND_URL: "https://app.example.com",
  LOGIN_ISSUER: "https://id.example.com/realms/sale/",
  FORM_ACTION_ORIGINS: "https://login.example.com,https://b.example.com",
  RPC_URLS: `${RPC},${RPC}2`,
  PUBLIC_RPC_URLS: `${RPC},${RPC}2`,
  EXPLORER_URL: "https://explorer.example.com",
  SUPPORT_URL: "https://sale.example.com/help",
  DATABASE_URL: "postgres://app:word@db.example.com:5432/app?sslmode=require",
  DATABASE_DIRECT_URL: "postgresql://app:word@db.example.com/app?sslmode=verify-full",
};

describe.each(Object.entries(URLS))("%s", (variable, url) => {
  it("is read with blanks around it", () => {
    expect(problemOf(variable, url)).toBeUndefined();
    expect(problemOf(variable, ` ${url}\t\n`)).toBeUndefined();
  });

  it.each([
    ["double quotes", `"${url}"`],
    ["single quotes", `'${url}'`],
    ["backticks", `\`${url}\``],
    ["a word processor's quotes", `\u201c${url}\u201d`],
  ])("in %s is told so", (_case, value) => {
    expect(problemOf(variable, value)).toBe("is in quotes: remove them");
  });

  it.each([
    ["in angle brackets", `<${url}>`],
    ["in square brackets", "[YOUR-URL]"],
    ["that nothing has filled in", "${THE_URL}"],
    ["of a shell", "$THE_URL"],
    ["of a template", "{{ url }}"],
    ["of a sample", "your-url"],
    ["that is masked", "********"],
    ["in place of the host", url.replace(/[a-z]+\.example/, "<your-host>")],
    ["in place of the host, in capitals", url.replace(/[a-z]+\.example\.com/, "YOUR-HOST")],
    ["of a variable within", url.replace(/[a-z]+\.example/, "${HOST}")],
    ["of a template within", url.replace(/[a-z]+\.example/, "{{host}}")],
    ["in brackets within", url.replace(/[a-z]+\.example/, "[project-ref]")],
  ])("a placeholder %s is named", (_case, value) => {
    expect(problemOf(variable, value)).toMatch(/placeholder/);
  });

  it.each([
    ["a blank", url.replace("example", "exa mple")],
    ["a comment after it", `${url} # ours`],
    ["a line break", url.replace("example", "exa\nmple")],
    ["a character of no width", url.replace("example", "exa\u200bmple")],
    ["a name before it", `${variable}=${url}`],
    ["a command before it", `psql '${url}'`],
    ["no scheme", url.replace(/^[a-z]+:\/\//, "")],
  ])("with %s is refused", (_case, value) => {
    expect(problemOf(variable, value)).toEqual(expect.any(String));
    expect(problemOf(variable, value)).not.toContain("example");
  });
});

it.each(["SESSION_SECRET", "TOKEN_ENCRYPTION_KEY", "SONAR_CLIENT_UUID", "SALE_CONTRACT_ADDRESS"])(
  "%s is no placeholder, and not in quotes",
  (variable) => {
    const value =
      liveEnvironment[variable as keyof typeof liveEnvironment] ?? "0x52908400098527886E0F7030069857D2E4169EE7";
    expect(problemOf(variable, `"${value}"`)).toBe("is in quotes: remove them");
    for (const placeholder of ["${IT}", "<it>", "[it]", "{{it}}", "$IT", "your_value", "xxxxxxxx", "••••••••"])
      expect(problemOf(variable, placeholder)).toBe("is still a placeholder");
  },
);

it.each(["SALE_CHAIN_ID", "PORT", "RATE_READS_PER_MINUTE", "SANDBOX_PORT"])(
  "%s is a number without quotes",
  (variable) => {
    expect(problemOf(variable, '"8453"')).toBe("is in quotes: remove them");
  },
);

describe("the password in a database's URL", () => {
  const urlWith = (password: string) => `postgres://app:${password}@db.example.com:5432/app?sslmode=verify-full`;

  it.each([
    "p#ss",
    "1#ss",
    "p/ss",
    "1/ss",
    "p?ss",
    "1?ss",
    "p@ss",
    "p%ss",
    "100%",
    "p%zz",
    "p ss",
    "%ff",
    "a#b@c/d?e f%",
  ])("that was pasted as it is, is named with what to do: %s", (password) => {
    for (const variable of ["DATABASE_URL", "DATABASE_DIRECT_URL"]) {
      const problem = problemOf(variable, urlWith(password));
      expect(problem).toMatch(/in user and password, write special characters in percent form/);
      expect(problem).not.toContain(password);
      // `npm run db:migrate` reads these two variables alone.
      expect(migrationTarget({ [variable]: urlWith(password) })).toEqual({
        ok: false,
        problems: [{ variable, problem }],
      });
    }
  });

  it.each(["p#ss", "p/ss", "p?ss", "p@ss", "p%ss", "p ss", "p:ss", "ä€", "p+s&s=!$;,*()~'"])(
    "is read in percent form: %s",
    (password) => {
      const url = urlWith(encodeURIComponent(password).replaceAll("'", "%27"));
      expect(problemOf("DATABASE_URL", url)).toBeUndefined();
      expect(migrationTarget({ DATABASE_URL: url })).toMatchObject({ ok: true, variable: "DATABASE_URL", url });
    },
  );

  it.each([
    "[YOUR-PASSWORD]",
    "<password>",
    "${DB_PASSWORD}",
    "{password}",
    "{{ password }}",
    "************",
    "YOUR_PASSWORD",
    "your-password",
  ])("that is still a dashboard's placeholder is named: %s", (password) => {
    expect(problemOf("DATABASE_URL", urlWith(password))).toMatch(/placeholder.*put the real value/);
  });

  it("of the sample in .env.example is named too", () => {
    expect(problemOf("DATABASE_URL", "postgres://user:password@host/database")).toMatch(/placeholder/);
  });
});

it.each([
  "postgres://db.example.com/app?ssl=true",
  "postgres:///app?host=/var/run/postgresql",
  "postgres://app:word@/app?host=/var/run/postgresql",
  "postgres://app:word@[::1]:5432/app",
  "postgres://app:word@[2001:db8::1]/app?sslmode=no-verify",
  "postgres://app@db.example.com/app?sslmode=verify-full&sslrootcert=/etc/ssl/ca.pem&options=-c%20search_path%3Dapp",
  "postgres://app.projectref:word@aws-0-eu-central-1.pooler.example.com:6543/postgres?pgbouncer=true&sslmode=require",
  "file:.data/app.db",
  "file:/data/my app [1] #2.db",
])("a right address of a database stays right: %s", (url) => {
  expect(problemOf("DATABASE_URL", url)).toBeUndefined();
});

it("an RPC URL keeps its key, whatever its characters", () => {
  for (const url of [
    "https://rpc.example.com/v2/aB-c_9~%7Bx",
    "https://user:pa%24s@rpc.example.com/?key=a*b",
    "https://[2001:db8::1]:8545/",
  ])
    expect(problemOf("RPC_URLS", url)).toBeUndefined();
});
