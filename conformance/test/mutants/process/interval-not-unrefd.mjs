import { JournalSink, journalSubject } from "../../reference/journal-sink.mjs";

class Mutant extends JournalSink {
  attach(context) {
    super.attach(context);
    this.interval ??= setInterval(() => this.startBatch(), 1000);
  }

  close(timeoutMs) {
    clearInterval(this.interval);
    return super.close(timeoutMs);
  }
}

export const subject = journalSubject("interval not unref'd", import.meta.url, Mutant);
