import { describe, expect, it } from "vitest";
import { createSealer, keyIdOf } from "@/lib/stores/seal";
import { encryptionKey } from "@/tests/support/app/app-environment";

const CONTEXT = "tokens|sonar|user-1";

function replacePart(sealed: string, index: number, change: (part: string) => string): string {
  return sealed
    .split(".")
    .map((part, position) => (position === index ? change(part) : part))
    .join(".");
}

function flipBit(part: string, at: number): string {
  const bytes = Buffer.from(part, "base64url");
  bytes.writeUInt8((bytes.at(at) ?? 0) ^ 1, at < 0 ? bytes.length + at : at);
  return bytes.toString("base64url");
}

describe("a sealer", () => {
  it("opens what it has sealed", () => {
    const sealer = createSealer([encryptionKey()]);
    for (const plain of ["", "secret", "ünïcödé €", "x".repeat(20_000)]) {
      expect(sealer.open(sealer.seal(plain, CONTEXT), CONTEXT)).toBe(plain);
    }
  });

  it("shows nothing of the text, and never seals it the same way twice", () => {
    const sealer = createSealer([encryptionKey()]);
    const sealed = sealer.seal("canary-secret", CONTEXT);
    expect(sealed).not.toContain("canary");
    expect(Buffer.from(sealed, "base64url").toString("latin1")).not.toContain("canary");
    expect(sealer.seal("canary-secret", CONTEXT)).not.toBe(sealed);
  });

  it.each([
    ["the nonce", 2, 0],
    ["the text", 3, 0],
    ["the tag", 3, -1],
  ])("does not open when one bit of %s was changed", (_name, part, at) => {
    const sealer = createSealer([encryptionKey()]);
    const tampered = replacePart(sealer.seal("secret", CONTEXT), part, (text) => flipBit(text, at));
    expect(sealer.open(tampered, CONTEXT)).toBeNull();
  });

  it("does not open, and does not throw, when a part is missing, empty or no base64", () => {
    const sealer = createSealer([encryptionKey()]);
    const sealed = sealer.seal("secret", CONTEXT);
    const broken = ["", ".", "...", "v1", sealed.slice(0, -30), sealed.replace("v1.", "v2.")];
    const replaced = [1, 2, 3].flatMap((part) => ["", "!", "A"].map((text) => replacePart(sealed, part, () => text)));
    for (const text of [...broken, ...replaced]) expect(sealer.open(text, CONTEXT), text).toBeNull();
  });

  it("does not accept a shortened tag", () => {
    const sealer = createSealer([encryptionKey()]);
    const shortened = replacePart(sealer.seal("", CONTEXT), 3, (body) =>
      Buffer.from(body, "base64url").subarray(0, 4).toString("base64url"),
    );
    expect(sealer.open(shortened, CONTEXT)).toBeNull();
  });

  it.each(["tokens|sonar|user-2", "tokens|other|user-1", "verifier|sonar|user-1", ""])(
    "does not open in another place (%s)",
    (elsewhere) => {
      const sealer = createSealer([encryptionKey()]);
      expect(sealer.open(sealer.seal("secret", CONTEXT), elsewhere)).toBeNull();
    },
  );

  it("needs a key", () => {
    expect(() => createSealer([])).toThrow();
  });
});

describe("rotating the keys", () => {
  const [oldKey, newKey] = [encryptionKey(), encryptionKey()];
  const before = createSealer([oldKey]);
  const during = createSealer([newKey, oldKey]);
  const after = createSealer([newKey]);

  it("the old key still opens what it has sealed", () => {
    expect(during.open(before.seal("secret", CONTEXT), CONTEXT)).toBe("secret");
  });

  it("the new key seals from then on", () => {
    const sealed = during.seal("secret", CONTEXT);
    expect(after.open(sealed, CONTEXT)).toBe("secret");
    expect(before.open(sealed, CONTEXT)).toBeNull();
  });

  it("what was sealed under a key that is gone is null, not an error", () => {
    expect(after.open(before.seal("secret", CONTEXT), CONTEXT)).toBeNull();
  });

  it("a key that is missing is told from a text that was changed", () => {
    const sealed = before.seal("secret", CONTEXT);
    expect(after.knows(sealed)).toBe(false);
    expect(during.knows(sealed)).toBe(true);
    expect(before.knows(replacePart(sealed, 3, (part) => flipBit(part, 0)))).toBe(true);
    for (const text of ["", "v1", sealed.slice(0, 11), `v2${sealed.slice(2)}`]) expect(before.knows(text)).toBe(false);
  });

  it("what each key seals begins with that key's prefix, the first key's first", () => {
    const sealed = [during.seal("secret", CONTEXT), before.seal("secret", CONTEXT)];
    expect(sealed.map((text) => text.slice(0, 12))).toEqual(during.prefixes);
    expect(sealed.map(keyIdOf)).toEqual(during.prefixes.map((prefix) => prefix.slice(3, -1)));
  });

  it.each(["", "secret", "v1.short.x.y", "v2.12345678.x.y", " v1.12345678.x.y"])("%j names no key", (text) => {
    expect(keyIdOf(text)).toBeUndefined();
  });

  it("the sealed text does not contain the key or a part of it", () => {
    const key = Buffer.from(oldKey, "base64").toString("base64url");
    expect(before.seal("secret", CONTEXT)).not.toContain(key.slice(0, 8));
  });
});
