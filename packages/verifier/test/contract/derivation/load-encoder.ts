import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { signObligations } from "../../../src/contract/encoder/ground.ts";
import type { contractObligations } from "../../../src/contract/encoder/obligations.ts";

/** Change to one file of the encoder: a text that stands there once, and what replaces it. */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Functions of an encoder that a certificate depends on. */
export interface Encoder {
  readonly contractObligations: typeof contractObligations;
  readonly signObligations: typeof signObligations;
}

const encoder = new URL("../../../src/contract/encoder/", import.meta.url);

/** Reads a file of the encoder as it stands. */
export function readEncoderFile(file: string): string {
  return readFileSync(new URL(`${file}.ts`, encoder), "utf8");
}

/** Names of the files of the encoder, without their ending. */
export function encoderFiles(): readonly string[] {
  return readdirSync(encoder).map((name) => name.replace(/\.ts$/, ""));
}

/**
 * Loads the encoder with a change, as JavaScript in a folder of its own, which is gone again when
 * this returns. All that the encoder imports is as it stands.
 */
export async function loadEncoder(change: Change | undefined): Promise<Encoder> {
  const folder = mkdtempSync(join(tmpdir(), "encoder-mutant-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const file of encoderFiles()) {
      const text = readEncoderFile(file);
      const changed = change?.file === file ? text.replace(change.from, () => change.to) : text;
      const code = stripTypeScriptTypes(changed, { mode: "strip" })
        .replaceAll(/(from\s*")(\.\.\/[^"]*)"/g, (_all, from: string, path: string) => {
          return `${from}${new URL(path, encoder).href}"`;
        })
        .replaceAll(/(from\s*")(@aethel[^"]*)"/g, (_all, from: string, name: string) => {
          return `${from}${import.meta.resolve(name)}"`;
        })
        .replaceAll(/(from\s*"\.\/[^"]*)\.ts"/g, '$1.js"');
      writeFileSync(join(folder, `${file}.js`), code);
    }
    const load = async (file: string): Promise<unknown> =>
      await import(/* @vite-ignore */ pathToFileURL(join(folder, `${file}.js`)).href);
    const modules = [await load("obligations"), await load("ground")];
    return Object.assign({}, ...modules) as Encoder;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
