/* global describe, it */
import { registerSinkConformance } from "@dagstack/sink-conformance";
import { faulty, lying, rules, waived } from "../subjects.mjs";

for (const subject of [lying, waived, faulty]) registerSinkConformance(subject, { describe, it }, { rules });
