import { readFileSync } from "node:fs";

const manifest: { readonly version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

/** Version of this app. */
export const packageVersion: string = manifest.version;

/**
 * Version of the rules by which the ledger executes blocks. It must grow with every change after
 * which two releases could disagree on a block. Peers with another version refuse each other.
 */
export const applicationVersion = 1;
