/* global describe, it */
import { registerSinkConformance } from "@dagstack/sink-conformance";
import { passing, rules } from "../subjects.mjs";

registerSinkConformance(passing, { describe, it }, { rules });
