// A contract for tests: every function behaves in its own, mostly improper way.
'use strict';
const { readFileSync } = require('node:fs');
const { Shim } = require('fabric-shim');

const ok = (value = '') => Shim.success(Buffer.from(value));

const functions = {
  // The first call of every contract of a network.
  'org.hyperledger.fabric:GetMetadata': async () => ok('{}'),
  put: async (stub, key, value) => {
    await stub.putState(key, Buffer.from(value));
    stub.setEvent('put', Buffer.from(key));
    return ok(value);
  },
  get: async (stub, key) => ok(Buffer.from(await stub.getState(key)).toString('utf8')),
  increment: async (stub, key) => {
    const value = Number(Buffer.from(await stub.getState(key)).toString('utf8')) + 1;
    await stub.putState(key, Buffer.from(String(value)));
    return ok(String(value));
  },
  transient: async (stub) => ok([...stub.getTransient().keys()].join()),
  status: async (_, status, message) => ({
    status: Number(status),
    message,
    payload: Buffer.from('payload'),
  }),
  differ: async () => ok(String(Math.random())),
  hang: () => new Promise(() => undefined),
  exit: () => process.exit(7),
};

class Odd {
  async Init() {
    return ok();
  }

  async Invoke(stub) {
    const { fcn, params } = stub.getFunctionAndParameters();
    const run = functions[fcn];
    return run === undefined ? Shim.error(`no function ${fcn}`) : run(stub, ...params);
  }
}

Shim.server(new Odd(), {
  ccid: process.env.CHAINCODE_ID,
  address: process.env.CHAINCODE_SERVER_ADDRESS,
  tlsProps: {
    key: readFileSync(process.env.CHAINCODE_TLS_KEY),
    cert: readFileSync(process.env.CHAINCODE_TLS_CERT),
  },
}).start();

// It goes when whoever started it does.
process.stdin.on('end', () => process.exit(0)).resume();
