'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/** Runs cells one after the other and reports how each ended; handles their output and their failures. */
const fs = require('node:fs');
const { setImmediate: nextTurn, setTimeout: delay } = require('node:timers/promises');
const { failureOf, interruptionOf, typeFailure } = require('./tslab-failures.cjs');
const { createOutput } = require('./tslab-output.cjs');

/** Time for an interrupted cell that uses the signal to stop; a second interrupt ends it at once. */
const patience = 15_000; // ms

/** Time to receive messages that Jupyter has already sent. */
const arrival = 30; // ms

/** The format by which tslab's executor prints a type error. */
const typeErrorFormat = '%s%d:%d - %s';

/** The key under which `src/interruption.ts` finds the running kernel. */
const sessionKey = Symbol.for('tripletlab.kernel');

class Cells {
  #output = createOutput();
  #failure; // the running cell's first failure
  #late; // the first failure between two cells of a headless run
  #types = []; // type errors of the running cell
  #count = 0;
  #running = false;
  #failures = 0;
  #queue = Promise.resolve();
  #interruption = new AbortController();
  #heard = false; // did the running cell ask for the signal?
  #interrupted = false; // did a person interrupt it?
  #giveUp; // the timer of `patience`
  #endings = new Set();
  #headless;

  constructor({ createExecutor, setDisplayWriter, headless }) {
    this.#headless = headless;
    const display = (data, update) => this.#output.send(update ? 'update_display_data' : 'display_data', data);
    setDisplayWriter(display);
    this.#offer(display);
    // tslab reports a cell's failure by printing it: the thrown error, or a type error as a format and its values.
    this.executor = createExecutor({
      log: console.log,
      error: (first, file, line, column, message) => {
        if (first !== typeErrorFormat) this.#failure ??= failureOf(first);
        else this.#types.push({ place: `${file ? `${file.trim()}, ` : ''}line ${line}, column ${column}`, message });
      },
    });
    process.on('SIGINT', () => this.interrupt());
    for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, (error) => this.#escaped(error));
    process.exit = (code) => {
      throw new Error(`process.exit(${code ?? ''}) would end the kernel; return or throw instead`);
    };
  }

  /** Gives the code of a cell access to the kernel. */
  #offer(display) {
    const signal = () => {
      this.#heard = true;
      return this.#interruption.signal;
    };
    globalThis[sessionKey] = {
      display: (data, id, update) =>
        display({ data, metadata: {}, transient: id === undefined ? {} : { display_id: id } }, update === true),
      onCellEnd: (callback) => this.#endings.add(callback),
      get signal() {
        return signal();
      },
    };
  }

  #stop() {
    this.#interruption.abort();
    this.executor.interrupt();
  }

  /** Interrupts the running cell. Work that asked for the signal gets time to stop: otherwise it would go on unseen. */
  interrupt() {
    const again = this.#interrupted;
    this.#interrupted = true;
    if (!this.#running || !this.#heard || again) return this.#stop();
    this.#interruption.abort();
    this.#giveUp = setTimeout(() => this.#stop(), patience);
  }

  #escaped(error) {
    const found = failureOf(error, 'in a promise nobody awaited, or a callback');
    if (this.#running) {
      this.#failure ??= found;
      this.#stop();
    } else {
      this.#output.send('error', found);
      if (this.#headless) this.#late ??= found;
    }
  }

  /** Reports the state of a headless run to the program that started it, on the kernel's own stderr. */
  #report(state) {
    if (!this.#headless) return;
    try {
      fs.writeSync(2, `\u001etripletlab ${JSON.stringify({ cell: this.#count, ...state })}\n`);
    } catch {
      // nobody reads it
    }
  }

  async #evaluate(code) {
    try {
      const ok = await this.executor.execute(code);
      if (this.#types.length) {
        const found = typeFailure(this.#types.splice(0));
        if (ok)
          process.stderr.write(found.traceback.join('\n') + '\n'); // a cell with /** @module */
        else this.#failure ??= found;
      } else if (!ok) this.#failure ??= failureOf(new Error('the cell failed'));
    } catch (error) {
      this.#failure ??= failureOf(error);
    }
  }

  async #execute(code) {
    if (this.#late) {
      this.#failure = this.#late;
      this.#late = undefined;
      return;
    }
    await this.#evaluate(code);
    // Rejections without a handler are known only after a turn of the event loop.
    await nextTurn();
    await nextTurn();
    for (const callback of this.#endings) {
      this.#endings.delete(callback);
      try {
        await callback();
      } catch (error) {
        this.#failure ??= failureOf(error);
      }
    }
    // At the end, since an interrupt during work without a pause arrives in one of the turns above.
    clearTimeout(this.#giveUp);
    if (this.#interrupted) this.#failure = interruptionOf(this.#failure);
  }

  #begin({ code, silent }, publishCell) {
    this.#output.begin(publishCell);
    this.#failure = undefined;
    this.#interruption = new AbortController();
    this.#heard = this.#interrupted = false;
    this.#running = true;
    if (!silent) this.#count++;
    this.#report({ state: 'started' });
    if (!silent) publishCell('execute_input', { code, execution_count: this.#count });
  }

  async #run(request, publishCell, failuresBefore) {
    if (this.#failures > failuresBefore) return { status: 'aborted', execution_count: this.#count };
    this.#begin(request, publishCell);
    await this.#execute(request.code);
    this.#running = false;
    this.#output.flush();
    const [failure, count] = [this.#failure, this.#count];
    if (!failure) {
      this.#report({ state: 'finished' });
      return { status: 'ok', execution_count: count, user_expressions: {}, payload: [] };
    }
    this.#report({ state: 'failed', name: failure.ename, message: failure.evalue });
    publishCell('error', failure);
    if (request.stop_on_error !== false) {
      // The cells that were sent together with this one are dropped; they may still be arriving.
      await delay(arrival);
      this.#failures++;
    }
    return { status: 'error', execution_count: count, ...failure };
  }

  /** Runs a cell after those before it. Resolves to the content of Jupyter's reply. */
  run(request, publishCell) {
    const failuresBefore = this.#failures;
    const turn = this.#queue.then(() => this.#run(request, publishCell, failuresBefore));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

exports.Cells = Cells;
