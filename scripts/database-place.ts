import { resolve } from "node:path";
import pg from "pg";

/** The place of a Postgres, and the protection of the connection to it. */
export interface Server {
  host: string;
  /** Host, port and database. Never the user, whose name stands for a database that is not named. */
  place: string;
  encryption: "none" | "unchecked" | "checked";
}

const USUAL_PORT = 5_432;

const NAMES_DATABASE = /^[^?]*:\/\/[^/?]*\/[^/?]/;

function encryptionOf(ssl: unknown): Server["encryption"] {
  if (!ssl) return "none";
  const isUnchecked = typeof ssl === "object" && "rejectUnauthorized" in ssl && ssl.rejectUnauthorized === false;
  return isUnchecked ? "unchecked" : "checked";
}

/** Asks pg itself how it reads the URL, PGSSLMODE and certificate files included. Undefined if it cannot. */
export function readServer(url: string): Server | undefined {
  try {
    const client = new pg.Client({ connectionString: url });
    const { host, port, user, database } = client;
    const isNamed = database !== user || NAMES_DATABASE.test(url);
    const place = [host, port === USUAL_PORT ? "" : `:${port}`, isNamed && database ? `/${database}` : ""].join("");
    // Its type says boolean, but it may be an object with options.
    return { host, place, encryption: encryptionOf(client.ssl) };
  } catch {
    return undefined;
  }
}

/** The place of a database for a terminal: host and database, or the file. Never a user or a password. */
export function databasePlace(url: string): string {
  if (!url.startsWith("file:")) return readServer(url)?.place ?? "an address that cannot be read";
  const path = url.slice("file:".length);
  return path === ":memory:" ? "in memory" : resolve(path);
}
