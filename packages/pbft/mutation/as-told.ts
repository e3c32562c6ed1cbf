import type { TestSequencer, TestSpecification } from "vitest/node";

/** Order of test files: as the variable `MUTATION_TESTS` names them. */
export class AsTold implements TestSequencer {
  shard(files: TestSpecification[]): TestSpecification[] {
    return files;
  }

  sort(files: TestSpecification[]): TestSpecification[] {
    const told = (process.env["MUTATION_TESTS"] ?? "").split(" ");
    const rank = ({ moduleId }: TestSpecification): number =>
      told.findIndex((name) => moduleId.endsWith(`/${name}`));
    return files.toSorted((left, right) => rank(left) - rank(right));
  }
}
