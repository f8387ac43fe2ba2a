import { JournalSink, journalSubject } from "../../reference/journal-sink.mjs";

class Mutant extends JournalSink {
  close(timeoutMs) {
    this.raced ??= Promise.race([super.close(timeoutMs), new Promise((resolve) => setTimeout(resolve, 30_000))]);
    return this.raced;
  }
}

export const subject = journalSubject("close deadline not cancelled", import.meta.url, Mutant);
