/** Reads what `ava --tap` prints: counts the tests, keeps what failed, passes the rest over in silence. */
export class TapReader {
  passed = 0;
  failed = 0;
  skipped = 0;
  /** Whether ava came to its end and said so. */
  finished = false;
  #todo = 0;
  #indented = false;
  #failing = false;
  #print;

  /** @param print takes each line worth showing */
  constructor(print) {
    this.#print = print;
  }

  line(line) {
    const result = /^(not )?ok \d+ - (.*)$/.exec(line);
    if (result && !this.#indented) {
      const todo = / # TODO$/.test(line);
      if (todo) this.#todo++;
      this.#failing = result[1] !== undefined && !todo;
      if (this.#failing) this.#print(`failed: ${result[2]}`);
      else if (/ # SKIP$/.test(line)) this.#print(`skipped: ${result[2].replace(/ # SKIP$/, '')}`);
      return;
    }
    // Details of a test stand in an indented block of YAML, in which anything may be written.
    if (/^ {2}---$/.test(line)) this.#indented = true;
    else if (/^ {2}\.\.\.$/.test(line)) this.#indented = false;
    else if (this.#failing && (this.#indented || line.startsWith(' '))) this.#print(line);
    else if (!this.#indented) this.#count(line);
  }

  #count(line) {
    const total = /^# (pass|fail|skip) (\d+)$/.exec(line);
    if (!total) return;
    const key = { pass: 'passed', fail: 'failed', skip: 'skipped' }[total[1]];
    // ava counts what is yet to be written among the failures here, though it does not fail for it.
    this[key] = Number(total[2]) - (key === 'failed' ? this.#todo : 0);
    this.finished = true;
  }

  /** `N passed, N failed`, and `, N skipped` where some were. */
  summary() {
    return `${this.passed} passed, ${this.failed} failed${this.skipped > 0 ? `, ${this.skipped} skipped` : ''}`;
  }
}
