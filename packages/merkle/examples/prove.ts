import { decodeProof, emptyTree, encodeProof, prove, verifyProof } from "@aethel/merkle";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

// A full node: every version stays readable, and 32 bytes commit to all of it.
const monday = emptyTree.update([
  { key: bytes("alice"), value: bytes("100") },
  { key: bytes("bob"), value: bytes("20") },
]);
const tuesday = monday.update([{ key: bytes("bob"), value: undefined }]);
const sent = encodeProof(prove(monday, bytes("alice")));

// A light client: it trusts the root alone, from a certified header.
const root = monday.root;
const verdict = verifyProof({ root, key: bytes("alice"), proof: decodeProof(sent) });
if (!verdict.ok) throw new Error(verdict.reason);
console.log("alice had", new TextDecoder().decode(verdict.value), "in", sent.length, "bytes");

// Absence is proved as well.
const absent = { root: tuesday.root, key: bytes("bob"), proof: prove(tuesday, bytes("bob")) };
console.log("bob is gone:", verifyProof(absent)); // { ok: true, value: undefined }
