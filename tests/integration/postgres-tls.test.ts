import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createSecureContext, TLSSocket } from "node:tls";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { databaseProblem } from "@/lib/stores/database-remedies";
import { migrateDatabaseAt } from "@/lib/stores/migrate";
import { makeAuthority, makeSelfSigned, type Certificate } from "@/tests/support/certificates";
import { startPostgres } from "@/tests/support/database/postgres";
import { launchApp } from "@/tests/support/app/app-process";
import { liveEnvironment } from "@/tests/support/live-environment";
import { freePort } from "@/tests/support/local-server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const HOST = "127.0.0.1";
const authority = makeAuthority();
const folder = temporaryFolder();
const authorityFile = join(folder.path, "authority.pem");

let url: string;

beforeAll(async () => {
  writeFileSync(authorityFile, authority.certificate);
  const { certificate, key } = authority.issue(HOST);
  // Servers of a private authority often send its certificate along: "self-signed certificate in certificate chain".
  const postgres = await startPostgres({ certificate: certificate + authority.certificate, key });
  url = postgres.url;
  return async () => {
    await postgres.stop();
    folder.remove();
  };
});

/** Migrates, and returns the problem as a terminal shows it; undefined if there is none. */
async function problemWith(address: string): Promise<string | undefined> {
  return migrateDatabaseAt(address).then(
    () => undefined,
    (error: unknown) => databaseProblem("DATABASE_URL", error),
  );
}

/** A Postgres as far as its certificate, which is what fails. */
async function startWith(certificate: Certificate): Promise<string> {
  const secureContext = createSecureContext({ cert: certificate.certificate, key: certificate.key });
  const server = createServer((socket: Socket) => {
    socket.once("data", () => {
      socket.write("S");
      new TLSSocket(socket, { isServer: true, secureContext }).on("error", () => undefined);
    });
    socket.on("error", () => undefined);
  }).listen(0, HOST);
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port");
  return `postgres://owner:canary@${HOST}:${address.port}/app`;
}

const REMEDIES = /authority unknown to this machine.*sslrootcert=\/path\/to.*sslmode=no-verify/;

describe("a Postgres of a private authority", () => {
  it.each(["require", "verify-ca", "verify-full", "prefer"])("names the remedies with sslmode=%s", async (mode) => {
    const problem = await problemWith(`${url}?sslmode=${mode}`);
    expect(problem).toMatch(/^DATABASE_URL: its certificate /);
    expect(problem).toMatch(REMEDIES);
    expect(problem).toContain("SELF_SIGNED_CERT_IN_CHAIN");
  });

  it.each(["sslmode=verify-full&sslrootcert=", "sslmode=require&sslrootcert=", "sslmode=no-verify&a="])(
    "is reached with the remedy: %s",
    async (query) => {
      expect(await problemWith(`${url}?${query}${encodeURIComponent(authorityFile)}`)).toBeUndefined();
    },
  );

  it("is reached under the name of its certificate only", async () => {
    const elsewhere = url.replace(HOST, "localhost");
    const trusted = `sslmode=verify-full&sslrootcert=${encodeURIComponent(authorityFile)}`;
    expect(await problemWith(`${elsewhere}?${trusted}`)).toMatch(/its certificate is of another host/);
  });

  it("names the file that the URL names wrongly", async () => {
    const trusting = (file: string) => `${url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(file)}`;
    expect(await problemWith(trusting(join(folder.path, "nowhere.pem")))).toMatch(/a file or socket .* does not exist/);
    const text = join(folder.path, "no-certificate.pem");
    writeFileSync(text, "-----BEGIN CERTIFICATE-----\nnone\n");
    expect(await problemWith(trusting(text))).toMatch(/sslrootcert/);
  });

  it("is named by `npm run db:migrate`", async () => {
    const { PATH, HOME, NODE_ENV } = process.env;
    const env = { PATH, HOME, NODE_ENV, DATABASE_URL: `${url}?sslmode=require` };
    const output = await new Promise<string>((resolve) =>
      execFile("npm", ["run", "--silent", "db:migrate"], { env }, (error, stdout, stderr) =>
        resolve(`${String(error?.code)} ${stdout}${stderr}`),
      ),
    );
    expect(output).toMatch(/^1 /);
    expect(output).toMatch(REMEDIES);
    expect(output).not.toContain(new URL(url).password);
  });

  it("is named by a server that does not start", async () => {
    const { NODE_ENV: _, ...settings } = liveEnvironment;
    const app = launchApp(await freePort(), { ...settings, DATABASE_URL: `${url}?sslmode=require` });
    expect(await app.exitCode).toBe(1);
    expect(app.logs()).toMatch(REMEDIES);
    expect(app.logs()).not.toContain(new URL(url).password);
  });
});

describe("a certificate", () => {
  const DAY_MS = 24 * 60 * 60 * 1_000;
  const around = (days: number) => ({
    from: new Date(Date.now() + (days - 1) * DAY_MS),
    to: new Date(Date.now() + days * DAY_MS),
  });
  const trusting = (address: string) =>
    `${address}?sslmode=verify-full&sslrootcert=${encodeURIComponent(authorityFile)}`;

  it("that has signed itself", async () => {
    const address = await startWith(makeSelfSigned(HOST));
    expect(await problemWith(`${address}?sslmode=require`)).toMatch(REMEDIES);
  });

  it("of an authority that is not sent along", async () => {
    const address = await startWith(authority.issue(HOST));
    expect(await problemWith(`${address}?sslmode=require`)).toMatch(REMEDIES);
  });

  it("that has expired", async () => {
    const address = await startWith(authority.issue(HOST, around(-2)));
    expect(await problemWith(trusting(address))).toMatch(/has expired. Renew it/);
  });

  it("that is not valid yet", async () => {
    const address = await startWith(authority.issue(HOST, around(5)));
    expect(await problemWith(trusting(address))).toMatch(/not valid yet/);
  });

  it("of another authority than the one that the URL names", async () => {
    const address = await startWith(makeAuthority().issue(HOST));
    expect(await problemWith(trusting(address))).toMatch(REMEDIES);
  });
});
