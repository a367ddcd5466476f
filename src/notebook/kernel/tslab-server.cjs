'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/**
 * The messages between Jupyter and the kernel, where stock tslab falls short: a failing cell says why, sends are in
 * order and none is dropped, interrupts reach the cell, and shutting down ends the process.
 */
const fs = require('node:fs');
const path = require('node:path');
const { createCells } = require('./tslab-cells.cjs');
const { requireFromPackage, resolveTypesFromPackage } = require('./tslab-modules.cjs');

exports.start = function start({ root, tslab, connectionFile, headless }) {
  const converter = require(path.join(tslab, 'dist', 'converter.js'));
  converter.resolveFromPackage = resolveTypesFromPackage(root);
  requireFromPackage(root);
  const { createConverter } = converter;
  const { createExecutor } = require(path.join(tslab, 'dist', 'executor.js'));
  const jupyter = require(path.join(tslab, 'dist', 'jupyter.js'));

  const node = createConverter({ isJS: false, isBrowser: false });
  let browser;
  const converters = {
    node,
    get browser() {
      return (browser ??= createConverter({ isJS: false, isBrowser: true }));
    },
    close() {
      node.close();
      browser?.close();
    },
  };
  const cells = createCells({
    createExecutor: (console) => createExecutor(process.cwd(), converters, console),
    setDisplayWriter: (write) => (jupyter.lastWriteDisplayData = write),
    headless,
  });

  // A socket takes one send at a time, and none while it is bound: on a busy machine requests come earlier.
  const sent = new Map();
  let allBound;
  const bound = new Promise((resolve) => (allBound = resolve));
  let closing = false;
  const fail = (error) => {
    if (closing) return;
    fs.writeSync(2, `the kernel cannot answer Jupyter: ${error.message}\n`);
    process.reallyExit(1);
  };
  jupyter.sendInOrder = (socket, message) => {
    const last = sent.get(socket) ?? bound;
    sent.set(socket, last.then(() => socket.send(message)).catch(fail));
  };

  class Handler extends jupyter.JupyterHandlerImpl {
    handleShutdown(request) {
      return { status: 'ok', restart: request.restart === true };
    }
  }

  class Server extends jupyter.ZmqServer {
    async bindSocket(socket, port) {
      socket.sendHighWaterMark = 0; // above it, a publisher would drop outputs
      await super.bindSocket(socket, port);
    }

    #message(parent, type, content) {
      const message = parent.createReply();
      message.header.msg_type = type;
      message.content = content;
      return message;
    }

    async handleExecute(socket, request) {
      const publish = (type, content) =>
        this.#message(request, type, content).signAndSend(this.connInfo.key, this.iopub);
      const content = await cells.run(request.content, publish);
      this.#message(request, 'execute_reply', content).signAndSend(this.connInfo.key, socket);
    }

    handleOther(socket, request) {
      if (request.header.msg_type !== 'interrupt_request') return;
      cells.interrupt();
      this.#message(request, 'interrupt_reply', { status: 'ok' }).signAndSend(this.connInfo.key, socket);
    }

    close() {
      closing = true;
      void Promise.all(sent.values()).then(() => {
        super.close();
        // A timer left by a cell must not hold the process until Jupyter kills it.
        setTimeout(() => process.reallyExit(0), 50);
      });
    }
  }

  new Server(new Handler(cells.executor, false), connectionFile).init().then(allBound, fail);
};
