import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { encodeCode, isCodeOf } from "../fuel/stored-code.ts";
import { encodeImages } from "../memory/stored-images.ts";
import {
  CODE_FILE,
  IMAGES_FILE,
  imagesKey,
  readBinary,
  readStoredImages,
  solverHash,
} from "./binary.ts";
import { makeImages } from "./instance.ts";

/**
 * Last step of the build: stores the solver with fuel, and the images of its memory, beside the
 * compiled code, unless they are there.
 */
const wasmHash = solverHash();
if (!existsSync(CODE_FILE) || !isCodeOf(readFileSync(CODE_FILE), wasmHash)) {
  writeFileSync(CODE_FILE, encodeCode(readBinary(), wasmHash));
}
if (readStoredImages() === undefined) {
  writeFileSync(IMAGES_FILE, encodeImages(await makeImages(), imagesKey()));
}
