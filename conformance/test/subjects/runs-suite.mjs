import { runSinkConformance } from "../../dist/index.js";
import { plainSubject } from "./plain.mjs";

export const subject = plainSubject("runs the suite", import.meta.url);

await runSinkConformance(subject, { rules: ["SHAPE"] });
