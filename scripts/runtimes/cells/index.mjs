// The cells of the matrix, in the order of the table.
import { bundles } from "./bundles.mjs";
import { processes } from "./processes.mjs";

export const groups = [
  { title: "Runtimes", cells: processes },
  { title: "Bundles", cells: bundles },
];

export const cells = groups.flatMap((group) => group.cells);
