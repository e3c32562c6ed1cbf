import { natural, positive } from "@aethel/terminal";
import type { Command } from "commander";

/** Adds `aethel judge`. */
export function addJudge(program: Command): void {
  program
    .command("judge")
    .description("prove files here: intents (.ae) and theorems (.smt2)")
    .argument("<file...>", "files to judge")
    .option("--json", "one JSON object a line")
    .option(
      "--obligations",
      "show every obligation of each file; the default for one file of intents",
    )
    .option("--privileged", "judge intents as those of a genesis: they may write stake")
    .option("--limit <units>", "most solver units for each file (default: 10 million)", natural)
    .option(
      "--workers <n>",
      "files judged at the same time (default: one for each core, at most 4)",
      positive,
    )
    .option(
      "--certificate <file>",
      "write the certificate of a single file there; exit 1 if it has none",
    )
    .addHelpText("after", "\nExit: 0 all valid, 1 some not, 2 wrong usage, 130 interrupted.")
    .action(async (files: string[], options) => {
      const { judgeFiles } = await import("../commands/judge.ts");
      process.exitCode = await judgeFiles(files, options);
    });
}

/** Adds `aethel certify`. */
export function addCertify(program: Command): void {
  program
    .command("certify")
    .description("check a certificate of a file with the kernel alone, without a solver")
    .argument("<file>", "intents (.ae) or a theorem (.smt2)")
    .argument("<certificate>", "file of `aethel judge --certificate`, or of GET /certificates")
    .option("--json", "print JSON")
    .option("--privileged", "check intents as those of a genesis: they may write stake")
    .addHelpText("after", "\nExit: 0 certified, 1 not, 2 wrong usage.")
    .action(async (file: string, certificate: string, options) => {
      const { certifyFile } = await import("../commands/certify.ts");
      process.exitCode = await certifyFile(file, certificate, options);
    });
}

/** Adds `aethel fmt`. */
export function addFmt(program: Command): void {
  program
    .command("fmt")
    .description("format intents (.ae) in place")
    .argument("<file...>", "files to format; `-` reads standard input and writes standard output")
    .option("--check", "change nothing; name the files that are not formatted")
    .addHelpText("after", "\nExit: 0 all formatted, 1 some could not be read or are not formatted.")
    .action(async (files: string[], options) => {
      const { formatFiles } = await import("../commands/fmt.ts");
      process.exitCode = await formatFiles(files, options);
    });
}
