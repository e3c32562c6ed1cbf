import path from "node:path";
import { visible } from "../terminal/visible.ts";

/**
 * Returns the names of files for a table: their paths without the folders that all of them share.
 * So files with the same name in different folders stay distinct.
 */
export function shownNames(files: readonly string[]): readonly string[] {
  const paths = files.map((file) => path.normalize(file).split(path.sep));
  const [first = []] = paths;
  let shared = 0;
  while (paths.every((parts) => parts.length > shared + 1 && parts[shared] === first[shared])) {
    shared++;
  }
  // Without the root alone a path would look like a relative one.
  if (shared === 1 && first[0] === "") shared = 0;
  return paths.map((parts) =>
    visible(parts.slice(shared).join(path.sep)).replaceAll(/[\n\t]/g, " "),
  );
}

/**
 * Cuts a name to `width` characters. Keeps the end, which distinguishes files better than the
 * folders do.
 */
export function cutName(name: string, width: number): string {
  const points = Array.from(name);
  return points.length <= width ? name : `…${points.slice(points.length - width + 1).join("")}`;
}
