import { declarationShapes } from "./declaration-shapes.ts";
import { literalShapes } from "./literal-shapes.ts";
import { termShapes } from "./term-shapes.ts";
import type { Shape } from "./work-shape.ts";

/** All shapes of scripts by which the screen's own work is searched. */
export const shapes: readonly Shape[] = [...termShapes, ...literalShapes, ...declarationShapes];
