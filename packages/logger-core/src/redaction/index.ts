export {
  createRedactor,
  DEFAULT_SECRET_SUFFIXES,
  MASKED_PLACEHOLDER,
  RECOMMENDED_EXTRA_SUFFIXES,
  type RedactionConfig,
  Redactor,
  redactionIssues,
} from "./redaction.ts";
