import { appendFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { makeFolders } from "@aethel/pbft/file";
import { INTERRUPTED } from "@aethel/terminal";
import { TestkitError } from "@aethel/testkit";
import { renderSvg } from "../charts/render-svg.ts";
import { type WorldFlags, worldOf } from "../flags/world-flags.ts";
import { describeFailure } from "../output/failure.ts";
import { clockTime, wrap } from "../output/format.ts";
import { ALONE, type Surroundings } from "../output/program-output.ts";
import { writing } from "../output/writing.ts";
import type { FailedWorld } from "../threads/serve-tasks.ts";
import { type Axis, type Point, pointsOf } from "./axes.ts";
import { csvHead, csvRow } from "./csv.ts";
import { failureOf, figuresOf, type PointFigures } from "./figures.ts";
import { sweepCharts } from "./sweep-charts.ts";
import { type SweptWorld, sweepWorlds } from "./sweep-worlds.ts";
import { type SweepRow, sweepTable } from "./table.ts";

/** Flags of `aethel-sim sweep`. */
export interface SweepFlags extends WorldFlags {
  readonly vary?: readonly Axis[];
  /** Number of worlds of each point. */
  readonly seeds: number;
  readonly seed: number;
  /** Virtual seconds of each world. */
  readonly seconds: number;
  readonly jobs?: number;
  /** CSV file, which gets a line for each world. Undefined: none is written. */
  readonly csv?: string;
  /** Folder for the charts. Undefined: no charts are written. */
  readonly svg?: string;
  readonly json?: true;
}

/** Source of the worlds (simulated networks). Tests replace it by one with worlds that fail. */
export type SweepSource = typeof sweepWorlds;

const TICK_MS = 500;

/**
 * Runs `aethel-sim sweep`: simulates worlds that differ in one or two options, with several seeds
 * each, and prints the effect on finality, view changes and messages. Exit code 1 after the first
 * failure (see `failureOf`), in the order of points and seeds; 130 after an interruption.
 */
export async function sweep(
  flags: SweepFlags,
  write: (line: string) => void,
  surroundings: Surroundings = ALONE,
  source: SweepSource = sweepWorlds,
): Promise<number> {
  const { vary: axes = [], seed, seeds: count, seconds, csv, svg, json } = flags;
  const points = pointsOf(axes, flags);
  // Wrong flags are reported before the first world runs.
  for (const point of points) worldOf(point.flags, seed);
  const seeds = Array.from({ length: count }, (_, at) => seed + at);
  // So are files that cannot be written.
  if (csv !== undefined) writing("--csv", () => writeFileSync(csv, `${csvHead(axes)}\n`));
  if (svg !== undefined) writing("--svg", () => makeFolders(svg));
  const { progress } = surroundings;
  using stop = surroundings.listenForStop();
  if (json === undefined) introduce(flags, { points, axes }, write);

  const jobs = flags.jobs ?? availableParallelism();
  const ended: SweptWorld[] = [];
  let failure: (FailedWorld & { readonly point: number; readonly seed: number }) | undefined;
  const started = performance.now();
  const line = (): string => describeProgress(ended.length, points.length * count, started);
  const ticking = setInterval(() => progress.show(line), TICK_MS);
  try {
    const options = { points, seeds, virtualMs: seconds * 1_000, jobs, signal: stop.signal };
    for await (const world of source(options)) {
      ended.push(world);
      if (csv !== undefined) appendFileSync(csv, `${csvRow(world, points[world.point])}\n`);
      const failed = failureOf(world);
      if (failed === undefined) continue;
      failure = { ...failed, point: world.point, seed: world.seed };
      break;
    }
  } finally {
    clearInterval(ticking);
    progress.hide();
  }

  const rows = rowsOf(points, ended);
  if (svg !== undefined && failure === undefined)
    writeCharts(
      svg,
      axes,
      rows.map(({ figures }) => figures),
    );
  if (json === true)
    write(
      JSON.stringify(
        rows.map(({ point, figures }) => jsonOf(axes, point, figures)),
        undefined,
        2,
      ),
    );
  else if (rows.length > 0) write(sweepTable(axes, rows, { worlds: count }));
  if (failure !== undefined) return describeFailed(failure, points, write);
  if (ended.length === points.length * count) return 0;
  if (json === undefined)
    write(`Interrupted after ${ended.length} of ${points.length * count} worlds.`);
  return INTERRUPTED;
}

function introduce(
  { seed, seeds, seconds, application, work }: SweepFlags,
  { points, axes }: { readonly points: readonly Point[]; readonly axes: readonly Axis[] },
  write: (line: string) => void,
): void {
  const varied = axes.map(({ name }) => name).join(" and ");
  const worlds =
    seeds === 1
      ? `a world each (seed ${seed})`
      : `${seeds} worlds each (seeds ${seed} to ${seed + seeds - 1})`;
  const fixed = work === 0 ? "no proofs" : `a proof every ${work} ms`;
  const proofs = axes.some(({ name }) => name === "work") ? "proofs as varied" : fixed;
  write(
    wrap(
      `Sweep of ${varied}: ${points.length} points, ${worlds} of ${seconds} virtual seconds on the ${application}, ${proofs}. Medians over the worlds; p99 is that of the worst. View changes are those of each honest node, blocks those final at all of them.`,
    ),
  );
}

function describeProgress(ended: number, all: number, started: number): string {
  const realMs = performance.now() - started;
  const left = ended === 0 ? "" : `, ${clockTime((realMs / ended) * (all - ended))} to go`;
  return `${ended} of ${all} worlds${left}`;
}

/** Returns the points with at least one finished world, and their figures. */
function rowsOf(points: readonly Point[], ended: readonly SweptWorld[]): readonly SweepRow[] {
  return points.flatMap((point, at) => {
    const worlds = ended.filter((world) => world.point === at);
    return worlds.length === 0 ? [] : [{ point, figures: figuresOf(worlds) }];
  });
}

function jsonOf(axes: readonly Axis[], point: Point, figures: PointFigures): object {
  const values = axes.map(({ name }, at) => [name, point.values[at]]);
  return { ...Object.fromEntries(values), ...figures };
}

function writeCharts(
  folder: string,
  axes: readonly Axis[],
  figures: readonly PointFigures[],
): void {
  for (const [name, chart] of sweepCharts(axes, figures)) {
    writing("--svg", () => writeFileSync(path.join(folder, `${name}.svg`), renderSvg(chart)));
  }
}

function describeFailed(
  failure: FailedWorld & { readonly point: number; readonly seed: number },
  points: readonly Point[],
  write: (line: string) => void,
): number {
  const where = `seed ${failure.seed}, ${points[failure.point]?.values.join(", ")}`;
  if (failure.type === "broken") write(`World of ${where} broke: ${failure.reason}`);
  else write(`World of ${where}: ${describeFailure(new TestkitError(failure.fault)).message}`);
  return 1;
}
