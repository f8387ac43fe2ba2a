import { describe, it } from "node:test";
import { registerSinkConformance } from "@dagstack/sink-conformance";
import { subject } from "./subject.js";

registerSinkConformance(subject, { describe, it });
