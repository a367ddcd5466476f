'use strict';
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS, as tslab is */
/**
 * Corrects how stock tslab exchanges messages with Jupyter: a failing cell reports its reason, messages are sent in
 * order and none is dropped, interrupts reach the cell, and a shutdown ends the process.
 */
const fs = require('node:fs');
const path = require('node:path');
const { Cells } = require('./tslab-cells.cjs');
const { requireFromPackage, resolveTypesFromPackage } = require('./tslab-modules.cjs');

/** Creates tslab's type checkers; the one for the browser only when a cell asks for it. */
function createConverters(createConverter) {
  const node = createConverter({ isJS: false, isBrowser: false });
  let browser;
  return {
    node,
    get browser() {
      return (browser ??= createConverter({ isJS: false, isBrowser: true }));
    },
    close() {
      node.close();
      browser?.close();
    },
  };
}

/** Sends messages one after the other: a socket takes one at a time, and none while it is being bound. */
class Outbox {
  #sent = new Map();
  #closing = false;
  #bound = new Promise((resolve) => (this.open = resolve));

  send(socket, message) {
    const last = this.#sent.get(socket) ?? this.#bound;
    this.#sent.set(
      socket,
      last.then(() => socket.send(message)).catch((error) => this.fail(error)),
    );
  }

  fail(error) {
    if (this.#closing) return;
    fs.writeSync(2, `the kernel cannot answer Jupyter: ${error.message}\n`);
    process.reallyExit(1);
  }

  /** Resolves when all messages have been sent. */
  close() {
    this.#closing = true;
    return Promise.all(this.#sent.values());
  }
}

/** Extends tslab's server with this project's cells. */
const serverClass = ({ ZmqServer }, cells, outbox) =>
  class Server extends ZmqServer {
    async bindSocket(socket, port) {
      socket.sendHighWaterMark = 0; // with a limit, a publisher would drop outputs above it
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
      void outbox.close().then(() => {
        super.close();
        // A timer of a cell must not keep the process alive until Jupyter kills it.
        setTimeout(() => process.reallyExit(0), 50);
      });
    }
  };

exports.start = function start({ root, tslab, connectionFile, headless }) {
  const converter = require(path.join(tslab, 'dist', 'converter.js'));
  converter.resolveFromPackage = resolveTypesFromPackage(root);
  requireFromPackage(root);
  const { createExecutor } = require(path.join(tslab, 'dist', 'executor.js'));
  const jupyter = require(path.join(tslab, 'dist', 'jupyter.js'));
  const converters = createConverters(converter.createConverter);
  const cells = new Cells({
    createExecutor: (console) => createExecutor(process.cwd(), converters, console),
    setDisplayWriter: (write) => (jupyter.lastWriteDisplayData = write),
    headless,
  });
  const outbox = new Outbox();
  jupyter.sendInOrder = (socket, message) => outbox.send(socket, message);
  class Handler extends jupyter.JupyterHandlerImpl {
    handleShutdown(request) {
      return { status: 'ok', restart: request.restart === true };
    }
  }
  const Server = serverClass(jupyter, cells, outbox);
  const server = new Server(new Handler(cells.executor, false), connectionFile);
  server.init().then(outbox.open, (error) => outbox.fail(error));
};
