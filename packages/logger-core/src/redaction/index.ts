export { DEFAULT_SECRET_NAMES } from "../generated/secret-names.ts";
export {
  DEFAULT_SECRET_SUFFIXES,
  MASKED_PLACEHOLDER,
  RECOMMENDED_EXTRA_SUFFIXES,
} from "../generated/secret-suffixes.ts";
export { createRedactor, type RedactionConfig, redactionIssues } from "./redaction-config.ts";
export {
  KEEP,
  type KeyKind,
  type KeyRule,
  LOOK,
  MASK,
  NAME,
  type RedactionRules,
  Redactor,
  type Serializer,
  VALUE,
} from "./redactor.ts";
export { safeQuery, safeUrl } from "./safe-url.ts";
