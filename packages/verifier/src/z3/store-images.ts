import { writeFileSync } from "node:fs";
import { IMAGES_FILE, imagesKey, readStoredImages } from "./binary.ts";
import { makeImages } from "./instance.ts";
import { encodeImages } from "./stored-images.ts";

/** The last step of the build: stores the images beside the compiled code, unless they are there. */
if (readStoredImages() === undefined) {
  writeFileSync(IMAGES_FILE, encodeImages(await makeImages(), imagesKey()));
}
