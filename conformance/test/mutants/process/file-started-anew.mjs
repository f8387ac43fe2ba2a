import { writeFileSync } from "node:fs";
import { Journal, JournalSink, journalSubject } from "../../reference/journal-sink.mjs";

class Mutant extends Journal {
  constructor(folder) {
    super(folder);
    writeFileSync(this.path, "");
  }
}

export const subject = journalSubject("file started anew", import.meta.url, JournalSink, Mutant);
