import { Journal, JournalSink, journalSubject } from "../../reference/journal-sink.mjs";

class Mutant extends Journal {
  buffer = [];

  write(lines) {
    this.buffer.push(...lines);
    if (this.buffer.length >= 64) super.write(this.buffer.splice(0));
  }

  read() {
    return [...super.read(), ...this.buffer];
  }
}

export const subject = journalSubject("flushed into a buffer of its own", import.meta.url, JournalSink, Mutant);
