import { plainSink, plainSubject } from "./plain.mjs";

export const subject = plainSubject("experimental warning", import.meta.url, {
  create() {
    process.emitWarning("this feature may change", "ExperimentalWarning");
    return { sink: plainSink(), delivered: () => [] };
  },
});
