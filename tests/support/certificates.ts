import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { isIPv4 } from "node:net";

/** ITU-T X.690: a tag, a length, the contents. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const object = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const bits = (bytes: Uint8Array) => der(0x03, Buffer.from([0]), bytes);
const TRUE = Buffer.from("0101ff", "hex");

const ECDSA_SHA256 = sequence(object("2a8648ce3d040302"));

function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x18, Buffer.from(digits));
}

function commonName(text: string): Buffer {
  return sequence(der(0x31, sequence(object("550403"), der(0x0c, Buffer.from(text)))));
}

function subjectAltName(host: string): Buffer {
  const name = isIPv4(host) ? der(0x87, Buffer.from(host.split(".").map(Number))) : der(0x82, Buffer.from(host));
  return sequence(object("551d11"), der(0x04, sequence(name)));
}

const MAY_SIGN = sequence(object("551d13"), TRUE, der(0x04, sequence(TRUE)));

/** A certificate and its key, as PEM. */
export interface Certificate {
  certificate: string;
  key: string;
}

/** Of what a certificate is. Without an issuer, it has signed itself. */
interface Request {
  name: string;
  extension: Buffer;
  validFor?: { from: Date; to: Date };
  issuer?: Issuer;
}

interface Issuer {
  name: string;
  privateKey: KeyObject;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

function makeCertificate({ name, extension, validFor, issuer }: Request): Certificate & Issuer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { from, to } = validFor ?? { from: new Date(Date.now() - DAY_MS), to: new Date(Date.now() + DAY_MS) };
  const spki = publicKey.export({ type: "spki", format: "der" });
  const keyId = createHash("sha1").update(spki).digest();
  const content = sequence(
    der(0xa0, Buffer.from("020102", "hex")),
    der(0x02, Buffer.from([1]), randomBytes(15)),
    ECDSA_SHA256,
    commonName(issuer?.name ?? name),
    sequence(time(from), time(to)),
    commonName(name),
    spki,
    der(0xa3, sequence(extension, sequence(object("551d0e"), der(0x04, der(0x04, keyId))))),
  );
  const signature = sign("sha256", content, issuer?.privateKey ?? privateKey);
  const base64 = sequence(content, ECDSA_SHA256, bits(signature)).toString("base64");
  const lines = base64.match(/.{1,64}/g)?.join("\n") ?? "";
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
  return { name, privateKey, certificate, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

/** An authority that no machine knows, as a company or a database's host has one. */
export interface Authority {
  /** Its own certificate, as PEM. */
  certificate: string;
  issue(host: string, validFor?: { from: Date; to: Date }): Certificate;
}

/** Makes an authority with a key of its own. */
export function makeAuthority(): Authority {
  const root = makeCertificate({ name: "A private authority", extension: MAY_SIGN });
  return {
    certificate: root.certificate,
    issue: (host, validFor) => makeCertificate({ name: host, extension: subjectAltName(host), validFor, issuer: root }),
  };
}

/** Makes a certificate that has signed itself. */
export function makeSelfSigned(host: string): Certificate {
  return makeCertificate({ name: host, extension: subjectAltName(host) });
}
