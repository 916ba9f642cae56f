import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { HttpBrowser } from "@/tests/support/app/http-browser";

/** Text that was written or sent, and the name of its place. Bytes are given as latin1 text. */
export interface Place {
  name: string;
  text: string;
}

/** A secret and its kind. */
export interface Secret {
  name: string;
  value: string;
}

/** The encodings in which a secret can leak by accident. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const encoded = [bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url"), bytes.toString("hex")];
  return [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), ...encoded];
}

/** Finds secrets in places, as "place: secret". Throws for a secret that is too short to be found reliably. */
export function findSecrets(places: readonly Place[], secrets: readonly Secret[]): string[] {
  for (const { name, value } of secrets) if (value.length < 20) throw new Error(`This is no secret: ${name}`);
  const found = places.flatMap(({ name: place, text }) =>
    secrets
      .filter(({ value }) => formsOf(value).some((form) => text.includes(form)))
      .map(({ name }) => `${place}: ${name}`),
  );
  return [...new Set(found)];
}

const STATIC = ".next/static";

/** Every file that the production build serves to browsers. */
export function clientBundle(): Place[] {
  const files = readdirSync(STATIC, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => ({ name, text: readFileSync(join(parentPath, name), "latin1") }));
}

/** A browser that remembers every answer in full, headers included. */
export class ListeningBrowser extends HttpBrowser {
  readonly heard: Place[] = [];

  override async send(url: URL, init: RequestInit): Promise<Response> {
    const response = await super.send(url, init);
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    const text = `${headers}\n\n${await response.clone().text()}`;
    this.heard.push({ name: `${init.method ?? "GET"} ${url.pathname}`, text });
    return response;
  }
}
