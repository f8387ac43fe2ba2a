import { JournalSink, journalSubject } from "../../reference/journal-sink.mjs";

class Mutant extends JournalSink {
  async deliver() {
    const batch = this.batch.map(({ line }) => line);
    await super.deliver();
    if (this.journal.mode === "rejects") throw new Error(`${batch.length} records were refused`);
  }
}

export const subject = journalSubject("rejection not handled", import.meta.url, Mutant);
