/**
 * Whether the table of units is right: time / unit of every operation, and of the dearest block
 * that a search finds. `npm run bench -- costs`; under four minutes. `--tries 200` searches longer,
 * `--blocks` leaves the operations out. `--without widths` or `--without stop` takes a repair out
 * of the code first, to see that the search finds what it is for.
 */
import { demandTakenOut, isRepair, takeOut } from "./costs/take-out.ts";

const [, without] = /--without (\w+)/.exec(process.argv.join(" ")) ?? [];
if (without !== undefined) {
  if (!isRepair(without)) throw new Error(`--without ${without}: give stop or widths`);
  takeOut(without);
}
// Only now is what is measured loaded.
const { report } = await import("./costs/report.ts");
if (without !== undefined && isRepair(without)) demandTakenOut(without);
await report();
process.exit();
