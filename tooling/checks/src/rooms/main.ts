/**
 * Program of `npm run rooms [-- PACKAGE...]`: prints the rooms (folders and files under `src`) of
 * each package as floors, top first, with the number of imports between them. It checks nothing.
 * The tests of this package fail on a forbidden import.
 */
import { findPackages, nameOfPackage, readRepository } from "../repository.ts";
import { drawRooms } from "./picture.ts";
import { PLANS } from "./plans/index.ts";

const wanted = process.argv.slice(2);
const packages = findPackages(readRepository())
  .filter(({ folder }) => /^(?:packages|apps)\//.test(folder))
  .map((item) => ({ item, name: nameOfPackage(item) }));
const names = packages.map(({ name }) => name);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No package ${unknown.join(", ")}; there are ${names.join(", ")}.\n`);
  process.exit(1);
}
for (const { item, name } of packages) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`${drawRooms(item, PLANS[name]).join("\n")}\n\n`);
}
