import { utf8ToBytes } from "@noble/hashes/utils.js";
import { isMap, type Node } from "yaml";
import { fromHex } from "../bytes.ts";
import { type Reader, readMapping, readText, report } from "./reader.ts";

// Names and sources are bytes on the wire and text in a file. Bytes that are not UTF-8 are written
// as `{ hex: 0x... }`.

/** Reads at most `max` bytes, written as a text or as a mapping with `hex`. */
export function readBytesOrText(
  reader: Reader,
  node: Node | undefined,
  path: string,
  max: number,
): Uint8Array {
  const bytes = isMap(node) ? readHex(reader, node, path) : readUtf8(reader, node, path);
  if (bytes.length <= max) return bytes;
  report(reader, node, { path, what: `has ${bytes.length} bytes`, repair: `keep at most ${max}` });
  return new Uint8Array();
}

// Every host has it, but the sources are compiled with the types of the language alone.
declare const TextDecoder: new (
  encoding: "utf-8",
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };

/** Decodes bytes as UTF-8; undefined if they are not UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function readUtf8(reader: Reader, node: Node | undefined, path: string): Uint8Array {
  const text = readText(reader, node, path) ?? "";
  if (text.isWellFormed()) return utf8ToBytes(text);
  const what = "has half of a surrogate pair, which is no character";
  report(reader, node, { path, what, repair: "remove it" });
  return new Uint8Array();
}

function readHex(reader: Reader, node: Node, path: string): Uint8Array {
  const value = readMapping(reader, node, { path, required: { hex: "0x..." } }).get("hex");
  const text = readText(reader, value, `${path}.hex`);
  if (text === undefined) return new Uint8Array();
  if (/^(0x)?([0-9a-fA-F]{2})*$/.test(text)) return fromHex(text);
  const repair = "write 0x and an even number of hexadecimal digits";
  report(reader, value, { path: `${path}.hex`, what: "is not hexadecimal", repair });
  return new Uint8Array();
}
