import { registerSinkConformance } from "@dagstack/sink-conformance";
import { describe, it } from "vitest";
import { passing, rules } from "../subjects.mjs";

registerSinkConformance(passing, { describe, it }, { rules });
