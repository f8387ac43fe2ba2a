import { JournalSink, journalSubject } from "../../reference/journal-sink.mjs";

class Mutant extends JournalSink {
  queueSize = Number.POSITIVE_INFINITY;
}

export const subject = journalSubject("queue not bounded", import.meta.url, Mutant);
