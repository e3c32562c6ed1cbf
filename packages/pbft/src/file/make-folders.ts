import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { errnoOf } from "./storage-failure.ts";

/**
 * Creates a folder, and the folders above it that are missing. Returns those that it created, from
 * the top down. Throws the error of the system call that failed.
 *
 * The option `recursive` of Node's `mkdir` is not used: libuv never returns from it if a folder is
 * there and yet `mkdir` says `ENOENT`, as `/proc` does.
 */
export function makeFolders(path: string): readonly string[] {
  const missing: string[] = [];
  let at = resolve(path);
  while (dirname(at) !== at && !isThere(at)) {
    missing.unshift(at);
    at = dirname(at);
  }
  // This fails with the right error if it is a file.
  if (missing.length === 0 && !statSync(at).isDirectory()) mkdirSync(at);
  return missing.filter(makeFolder);
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Creates one folder. Returns false if another process did so first. */
function makeFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST" && isFolder(path)) return false;
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
