import { JournalSink, journalSubject } from "../../reference/journal-sink.mjs";

class Mutant extends JournalSink {
  sinceFlush = [];

  emit(record) {
    super.emit(record);
    this.sinceFlush.push(record);
  }

  async flush(timeoutMs) {
    const result = await super.flush(timeoutMs);
    this.sinceFlush = [];
    return result;
  }
}

export const subject = journalSubject("dropped records stay referenced", import.meta.url, Mutant);
