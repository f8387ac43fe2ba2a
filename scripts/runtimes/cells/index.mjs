// The cells of the matrix, in the order of the table.
import { bundles } from "./bundles.mjs";
import { nextCells } from "./next.mjs";
import { pages } from "./pages.mjs";
import { processes } from "./processes.mjs";
import { testRunners } from "./test-runners.mjs";
import { types } from "./types.mjs";
import { workers } from "./workerd.mjs";

export const groups = [
  { title: "Runtimes", cells: processes },
  { title: "Bundles, run by Node", cells: bundles },
  { title: "Browsers and the edge", cells: [...pages, ...workers, ...nextCells] },
  { title: "Test runners", cells: testRunners },
  { title: "Types", cells: types },
];

export const cells = groups.flatMap((group) => group.cells);
