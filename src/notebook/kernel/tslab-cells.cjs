'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/** Runs cells one after the other and says how each ended; owns what a cell prints, shows and breaks. */
const fs = require('node:fs');
const { StringDecoder } = require('node:string_decoder');
const { setImmediate: nextTurn, setTimeout: delay } = require('node:timers/promises');
const { failureOf, interruptionOf, typeFailure } = require('./tslab-failures.cjs');

/** Longest time and largest text that wait to be sent as one message. */
const streamDelay = 100; // ms
const streamLimit = 1 << 14; // characters

/** How long an interrupted cell that has asked for the signal may take to stop; a second interrupt ends it at once. */
const patience = 15_000; // ms

/** Time for messages that Jupyter has already sent to be read. */
const arrival = 30; // ms

/** How tslab's executor prints a type error. */
const typeErrorFormat = '%s%d:%d - %s';

/** Where `src/interruption.ts` finds the running kernel. */
const sessionKey = Symbol.for('tripletlab.kernel');

exports.createCells = function createCells({ createExecutor, setDisplayWriter, headless }) {
  /** Of the cell that ran last: outputs made after its end still belong to it, as in Python. */
  let publish = () => undefined;
  let failure; // the running cell's first failure
  let late; // what failed between two cells of a headless run
  let count = 0;
  let running = false;
  let failures = 0;
  let queue = Promise.resolve();
  let interruption = new AbortController();
  let heard = false; // whether the running cell asked for the signal
  let interrupted = false; // whether a person ended it
  let giveUp; // when patience ends
  const endings = new Set();
  const pending = { name: '', text: '', since: 0, timer: undefined };

  const flush = () => {
    clearImmediate(pending.timer);
    pending.timer = undefined;
    const { name, text } = pending;
    pending.text = '';
    if (text) publish('stream', { name, text });
  };
  const send = (type, content) => {
    flush();
    publish(type, content);
  };
  for (const name of ['stdout', 'stderr']) {
    const decoder = new StringDecoder('utf8');
    process[name].write = (chunk, encoding, callback) => {
      const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
      if (pending.name !== name) flush();
      if (!pending.text) pending.since = Date.now();
      pending.name = name;
      pending.text += text;
      if (pending.text.length > streamLimit || Date.now() - pending.since > streamDelay) flush();
      else pending.timer ??= setImmediate(flush);
      (typeof encoding === 'function' ? encoding : callback)?.();
      return true;
    };
  }

  const display = (data, update) => send(update ? 'update_display_data' : 'display_data', data);
  setDisplayWriter(display);
  globalThis[sessionKey] = {
    display: (data, id, update) =>
      display({ data, metadata: {}, transient: id === undefined ? {} : { display_id: id } }, update === true),
    onCellEnd: (callback) => endings.add(callback),
    get signal() {
      heard = true;
      return interruption.signal;
    },
  };

  // tslab reports a cell's failure by printing it: the error thrown, or a type error as a format and its values.
  const types = [];
  const executor = createExecutor({
    log: console.log,
    error: (first, file, line, column, message) => {
      if (first !== typeErrorFormat) failure ??= failureOf(first);
      else types.push({ place: `${file ? `${file.trim()}, ` : ''}line ${line}, column ${column}`, message });
    },
  });

  const stop = () => {
    interruption.abort();
    executor.interrupt();
  };
  /** What listens to the signal stops by itself and says how it stands: it would otherwise go on beside later cells. */
  const interrupt = () => {
    const again = interrupted;
    interrupted = true;
    if (!running || !heard || again) return stop();
    interruption.abort();
    giveUp = setTimeout(stop, patience);
  };
  const escaped = (error) => {
    const found = failureOf(error, 'in a promise nobody awaited, or a callback');
    if (running) {
      failure ??= found;
      stop();
    } else {
      send('error', found);
      if (headless) late ??= found;
    }
  };
  process.on('SIGINT', interrupt);
  process.on('uncaughtException', escaped);
  process.on('unhandledRejection', escaped);
  process.exit = (code) => {
    throw new Error(`process.exit(${code ?? ''}) would end the kernel; return or throw instead`);
  };

  /** Tells the program that runs the notebook headless where it is, on the kernel's own stderr. */
  const report = (state) => {
    if (!headless) return;
    try {
      fs.writeSync(2, `\u001etripletlab ${JSON.stringify({ cell: count, ...state })}\n`);
    } catch {
      // nobody listens
    }
  };

  async function execute(code) {
    if (late) {
      failure = late;
      late = undefined;
      return;
    }
    try {
      const ok = await executor.execute(code);
      if (types.length) {
        const found = typeFailure(types.splice(0));
        if (ok)
          process.stderr.write(found.traceback.join('\n') + '\n'); // a /** @module */ cell
        else failure ??= found;
      } else if (!ok) failure ??= failureOf(new Error('the cell failed'));
    } catch (error) {
      failure ??= failureOf(error);
    }
    // Rejections that nobody handles are known only once the event loop turns.
    await nextTurn();
    await nextTurn();
    for (const callback of endings) {
      endings.delete(callback);
      try {
        await callback();
      } catch (error) {
        failure ??= failureOf(error);
      }
    }
    // Last: an interrupt during work without a pause is heard in one of the turns above.
    clearTimeout(giveUp);
    if (interrupted) failure = interruptionOf(failure);
  }

  async function run({ code, silent, stop_on_error: stopOnError }, publishCell, failuresBefore) {
    if (failures > failuresBefore) return { status: 'aborted', execution_count: count };
    flush();
    publish = publishCell;
    failure = undefined;
    interruption = new AbortController();
    heard = interrupted = false;
    running = true;
    if (!silent) count++;
    report({ state: 'started' });
    if (!silent) publish('execute_input', { code, execution_count: count });
    await execute(code);
    running = false;
    flush();
    if (!failure) {
      report({ state: 'finished' });
      return { status: 'ok', execution_count: count, user_expressions: {}, payload: [] };
    }
    report({ state: 'failed', name: failure.ename, message: failure.evalue });
    publish('error', failure);
    if (stopOnError !== false) {
      // The cells sent together with this one are given up; they may still be on their way in.
      await delay(arrival);
      failures++;
    }
    return { status: 'error', execution_count: count, ...failure };
  }

  return {
    executor,
    interrupt,
    run(request, publishCell) {
      const failuresBefore = failures;
      const turn = queue.then(() => run(request, publishCell, failuresBefore));
      queue = turn.catch(() => undefined);
      return turn;
    },
  };
};
