'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/** Sends what a cell prints and shows, in order; text is collected into few messages. */
const { StringDecoder } = require('node:string_decoder');

/** Longest time and most characters that wait to be sent as one message. */
const streamDelay = 100; // ms
const streamLimit = 1 << 14; // characters

exports.createOutput = function createOutput() {
  /** The publisher of the cell that ran last: output after its end still belongs to it, as in Python. */
  let publish = () => undefined;
  const pending = { name: '', text: '', since: 0, timer: undefined };
  const flush = () => {
    clearImmediate(pending.timer);
    pending.timer = undefined;
    const { name, text } = pending;
    pending.text = '';
    if (text) publish('stream', { name, text });
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
  return {
    flush,
    /** Sends a message after the text that was printed before it. */
    send(type, content) {
      flush();
      publish(type, content);
    },
    /** Sends what follows by another cell's publisher. */
    begin(publishCell) {
      flush();
      publish = publishCell;
    },
  };
};
