import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Genesis } from "@aethel/models";
import { z } from "zod";
import { Config } from "./config/config.ts";
import { writeGenesis } from "./config/genesis-file.ts";
import { diskFailure } from "./failure/disk-failure.ts";
import { failure } from "./failure/failure.ts";
import { writeFileAtomic } from "./files/atomic-file.ts";
import { type Layout, layoutOf } from "./files/layout.ts";

/**
 * Format version of the stored bytes: blocks, receipts, records, the genesis. Version 2 added trust
 * to results and records. Version 3 added tips to receipts and records of validators, and base fees
 * to the state. There is no migration: a data directory of another version cannot be opened.
 */
const FORMAT_VERSION = 3;
const Marker = z.strictObject({ format: z.literal("aethel-data"), version: z.int().positive() });

/**
 * Writes the files of a new data directory, without the keys. Keeps an existing configuration or
 * genesis, which the caller MUST have checked.
 */
export async function createDataDirectory(options: {
  readonly directory: string;
  readonly genesis: Genesis;
  readonly config: Omit<z.input<typeof Config>, "version">;
}): Promise<Layout> {
  const layout = layoutOf(options.directory);
  if (existsSync(layout.marker)) {
    const next = "start it with `aethel start --data-dir`, or name an empty directory";
    throw failure("DATA_DIR_NOT_EMPTY", `${layout.directory} is a data directory already`, next);
  }
  const config = Config.parse({ version: 1, ...options.config });
  if (!existsSync(layout.genesis)) await writeGenesis(layout.genesis, options.genesis);
  if (!existsSync(layout.config)) {
    await writeFileAtomic(layout.config, `${JSON.stringify(config, undefined, 2)}\n`);
  }
  // The marker comes last: it says that the directory is complete.
  const marker = { format: "aethel-data", version: FORMAT_VERSION };
  await writeFileAtomic(layout.marker, `${JSON.stringify(marker)}\n`);
  return layout;
}

/**
 * Opens a data directory. @throws NodeError `DATA_DIR_MISSING`, a `DISK_` code, or
 * `DATA_DIR_DAMAGED` if the marker file is not one that this app writes.
 */
export async function openDataDirectory(directory: string): Promise<Layout> {
  const layout = layoutOf(directory);
  const text = await readFile(layout.marker, "utf8").catch((cause: unknown) => {
    const disk = diskFailure(cause);
    if (disk !== undefined) throw disk;
    throw failure(
      "DATA_DIR_MISSING",
      `${layout.directory} is no data directory: it has no ${path.basename(layout.marker)}`,
      nextOf(layout),
      cause,
    );
  });
  const marker = Marker.safeParse(parseJson(text)).data;
  if (marker?.version === FORMAT_VERSION) return layout;
  if (marker !== undefined) {
    throw failure(
      "DATA_DIR_DAMAGED",
      `${layout.directory} has the format ${marker.version}, this version of Aethel has ${FORMAT_VERSION}`,
      "begin a new chain in an empty directory, or use the version that made this one",
    );
  }
  throw failure(
    "DATA_DIR_DAMAGED",
    `${layout.marker} names no format that this version knows`,
    "use the version of Aethel that made the directory, or restore the file",
  );
}

/**
 * Returns the next step for a directory without a marker file. `aethel init` keeps the files of an
 * incomplete directory.
 */
function nextOf({ config, genesis, consensusKey }: Layout): string {
  if (![config, genesis, consensusKey].some((file) => existsSync(file))) {
    return "make one with `aethel init --data-dir DIR`";
  }
  const rest = existsSync(genesis) ? "" : " --genesis FILE";
  return `run \`aethel init --data-dir DIR${rest}\`, which keeps the keys and files that are there`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
