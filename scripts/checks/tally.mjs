// What one step found. Failures keep their detail, skips their reason; passes are only counted.

export class Tally {
  passed = 0;
  failures = [];
  skips = [];
  notes = [];

  get failed() {
    return this.failures.reduce((sum, { count }) => sum + count, 0);
  }

  get skipped() {
    return this.skips.reduce((sum, { count }) => sum + count, 0);
  }

  pass(count = 1) {
    this.passed += count;
  }

  fail(title, detail = "", count = 1) {
    this.failures.push({ title, detail, count });
  }

  skip(reason, count = 1) {
    this.skips.push({ reason, count });
  }

  /** A line printed whatever the outcome, such as a measured size. */
  note(line) {
    this.notes.push(line);
  }

  expect(ok, title, detail) {
    if (ok) this.pass();
    else this.fail(title, detail);
    return ok;
  }

  /** Counts the result of a command as one check. */
  command(title, { ok, output }) {
    return this.expect(ok, title, output);
  }
}
