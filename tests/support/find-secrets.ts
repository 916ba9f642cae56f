/** Something that was written or sent, and where. Bytes are given as latin1 text. */
export interface Place {
  name: string;
  text: string;
}

/** A secret, and what it is. */
export interface Secret {
  name: string;
  value: string;
}

/** The ways in which text gets written by accident. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const encoded = [bytes.toString("base64").replace(/=+$/, ""), bytes.toString("base64url"), bytes.toString("hex")];
  return [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), ...encoded];
}

/** Which secrets can be read where, as "place: secret". Throws on a secret too short to be found without mistake. */
export function findSecrets(places: readonly Place[], secrets: readonly Secret[]): string[] {
  for (const { name, value } of secrets) if (value.length < 20) throw new Error(`This is no secret: ${name}`);
  const found = places.flatMap(({ name: place, text }) =>
    secrets
      .filter(({ value }) => formsOf(value).some((form) => text.includes(form)))
      .map(({ name }) => `${place}: ${name}`),
  );
  return [...new Set(found)];
}
