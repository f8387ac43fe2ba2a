import { EventEmitter } from "node:events";
import { JournalSink, journalSubject } from "../../reference/journal-sink.mjs";

class Mutant extends JournalSink {
  events = new EventEmitter();

  flush(timeoutMs) {
    this.events.once("drain", () => {});
    return super.flush(timeoutMs);
  }
}

export const subject = journalSubject("listener per flush", import.meta.url, Mutant);
