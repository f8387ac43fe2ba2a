import { registerSinkConformance } from "@dagstack/sink-conformance";
import { describe, it } from "vitest";
import { subject } from "./subject.js";

registerSinkConformance(subject, { describe, it });
