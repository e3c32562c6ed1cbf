import type { File, Manifest, Package } from "../src/repository.ts";

/** A package that exists only here. `files` are paths inside it and their texts. */
export function planted(options: {
  readonly folder: string;
  readonly manifest?: Partial<Manifest>;
  readonly files?: Readonly<Record<string, string>>;
}): Package {
  const { folder, manifest = {}, files = {} } = options;
  const name = `@aethel/${folder.split("/").at(-1)}`;
  return {
    folder,
    manifest: { name, exports: { ".": {}, "./package.json": {} }, ...manifest },
    files: Object.entries(files).map(([path, text]) => ({ path: `${folder}/${path}`, text })),
  };
}

export function source(path: string, ...lines: readonly string[]): File {
  return { path, text: lines.join("\n") };
}
