export { FORMATS, formatReport, type ReportFormat } from "./format.ts";
export { jsonList } from "./json.ts";
export { textList } from "./text.ts";
