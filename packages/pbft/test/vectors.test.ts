import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import {
  Block,
  BlockHeader,
  ConsensusMessage,
  decodeValidatorSet,
  Evidence,
  findCertificateDefect,
  findEvidenceDefect,
  findProofDefect,
  fromHex,
  Proof,
  QuorumCertificate,
  SyncResponse,
  toDigest,
  toHex,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { authenticate, LeadershipRecord } from "../src/index.ts";
import { vectorText } from "./vectors/make.ts";
import { decode, encode, type Json, readTypes } from "./vectors/page-codec.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const text = read("vectors/consensus.json");

interface Signed {
  readonly key: string;
  readonly tag: string;
  readonly bytes: string;
  readonly root: string;
  readonly signature: string;
}
interface Vectors {
  readonly genesis: string;
  readonly validators: { readonly bytes: string; readonly hash: string };
  readonly objects: readonly {
    readonly name: string;
    readonly type: string;
    readonly json: Json;
    readonly bytes: string;
    readonly digest: string;
    readonly signed: readonly Signed[];
  }[];
}
const vectors = JSON.parse(text) as Vectors;
const { objects } = vectors;

const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");
const sha256 = (...parts: readonly (string | Buffer)[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The key of RFC 8032 in the form that Node takes. */
const keyOf = (hex: string): ReturnType<typeof createPublicKey> =>
  createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: bytesOf(hex).toString("base64url") },
    format: "jwk",
  });

describe("the vectors in the repository", () => {
  test("are what four replicas say, and have each kind of message", () => {
    expect(vectorText()).toBe(text);
    const kinds = objects.flatMap(({ type, json }) =>
      type === "ConsensusMessage" ? [(json as { readonly type: string }).type] : [],
    );
    expect([...new Set(kinds)].toSorted()).toEqual([
      "commit",
      "new-view",
      "pre-prepare",
      "prepare",
      "view-change",
    ]);
  });

  test("encode, decode and hash by the page on the wire format alone", () => {
    const types = readTypes(read("../../../docs/specification/wire-format.md"));
    for (const { name, type, json, bytes, digest } of objects) {
      expect(encode(types, type, json).toString("hex"), name).toBe(bytes);
      expect(decode(types, type, bytesOf(bytes)), name).toEqual(json);
      expect(sha256(bytesOf(bytes)).toString("hex"), name).toBe(digest);
    }
    expect(sha256(bytesOf(vectors.validators.bytes)).toString("hex")).toBe(vectors.validators.hash);
  });

  test("are signed over the root of the page, as Node's own Ed25519 says", () => {
    const signed = objects.flatMap(({ name, signed: all }) => all.map((one) => ({ name, ...one })));
    expect(signed.length).toBeGreaterThan(30);
    for (const { name, key, tag, bytes, root, signature } of signed) {
      const domain = sha256(`aethel/${tag}`);
      const own = sha256(domain, bytesOf(vectors.genesis), sha256(bytesOf(bytes)));
      expect(own.toString("hex"), name).toBe(root);
      expect(verify(undefined, own, keyOf(key), bytesOf(signature)), name).toBe(true);
    }
  });

  test("are read and found sound by the packages, and by another chain they are not", () => {
    const set = decodeValidatorSet(fromHex(vectors.validators.bytes));
    const genesis = toDigest(fromHex(vectors.genesis));
    const other = toDigest(new Uint8Array(32));
    for (const { name, type, json, bytes } of objects) {
      const at = fromHex(bytes);
      for (const chain of [genesis, other]) {
        const defect = defectOf(type, at, { genesis: chain, set });
        const isUnsigned = ["BlockHeader", "Block", "LeadershipRecord", "SyncResponse"];
        const isSound = chain === genesis || isUnsigned.includes(type);
        expect(defect === undefined, `${name}: ${defect}`).toBe(isSound);
      }
      const codec = CODECS[type as keyof typeof CODECS];
      expect(codec.toJson(codec.decode(at) as never), name).toEqual(json);
      expect(toHex(codec.encode(codec.fromJson(json) as never)), name).toBe(bytes);
    }
  });
});

const CODECS = {
  BlockHeader,
  ConsensusMessage,
  Evidence,
  LeadershipRecord,
  Proof,
  Block,
  QuorumCertificate,
  SyncResponse,
} as const;

function defectOf(
  type: string,
  bytes: Uint8Array,
  { genesis, set }: Pick<Parameters<typeof authenticate>[1], "genesis" | "set">,
): string | undefined {
  switch (type) {
    case "ConsensusMessage":
      return authenticate(ConsensusMessage.decode(bytes), { genesis, set, previousSet: set });
    case "QuorumCertificate":
      return findCertificateDefect({ certificate: QuorumCertificate.decode(bytes), set, genesis });
    case "Evidence":
      return findEvidenceDefect(genesis, Evidence.decode(bytes));
    case "Proof":
      return findProofDefect(genesis, Proof.decode(bytes));
    default:
      return undefined;
  }
}
