/** The forms of a report. */
import type { ConformanceReport } from "../run/index.ts";
import { jsonReport } from "./json.ts";
import { junitReport } from "./junit.ts";
import { type CertificateOptions, markdownReport } from "./markdown.ts";
import { textReport } from "./text.ts";

export const FORMATS = ["text", "json", "junit", "markdown"] as const;

/** The name of a form. */
export type ReportFormat = (typeof FORMATS)[number];

/** The report in one of its forms, with a line end. */
export function formatReport(
  report: ConformanceReport,
  format: ReportFormat,
  options: CertificateOptions = {},
): string {
  switch (format) {
    case "json":
      return jsonReport(report);
    case "junit":
      return junitReport(report);
    case "markdown":
      return markdownReport(report, options);
    case "text":
      return textReport(report);
  }
}
