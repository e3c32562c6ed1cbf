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
 * Hash of the installed solver.
 *
 * This script is the last step of the build. It stores the solver with fuel, and the images of its
 * memory, next to the compiled code. If the stored files are current, it changes nothing.
 */
const wasmHash = solverHash();
if (!existsSync(CODE_FILE) || !isCodeOf(readFileSync(CODE_FILE), wasmHash)) {
  writeFileSync(CODE_FILE, encodeCode(readBinary(), wasmHash));
}
if (readStoredImages() === undefined) {
  writeFileSync(IMAGES_FILE, encodeImages(await makeImages(), imagesKey()));
}
