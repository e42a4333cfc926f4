// The smallest chaincode worth testing with, as a process of its own: CHAINCODE_* as in fabric-samples.
const { readFileSync } = require('node:fs');
const { Shim } = require('fabric-shim');

class Berths {
  async Init() {
    return Shim.success();
  }

  async Invoke(stub) {
    const { fcn, params } = stub.getFunctionAndParameters();
    const [key = '', value = ''] = params;
    switch (fcn) {
      case 'put':
        await stub.putState(key, Buffer.from(value));
        stub.setEvent('Changed', Buffer.from(key));
        return Shim.success();
      case 'increment': {
        const current = Number(Buffer.from(await stub.getState(key)).toString() || '0');
        await stub.putState(key, Buffer.from(String(current + 1)));
        return Shim.success(Buffer.from(String(current + 1)));
      }
      case 'get': {
        const found = await stub.getState(key);
        if (found.length === 0) return Shim.error(`BERTH_NOT_FOUND: ${key}`);
        return Shim.success(Buffer.from(found));
      }
      case 'differ':
        await stub.putState(key, Buffer.from(process.hrtime.bigint().toString()));
        return Shim.success();
      case 'hang':
        return new Promise(() => undefined);
      default:
        return Shim.error(`UNKNOWN_FUNCTION: ${fcn}`);
    }
  }
}

Shim.server(new Berths(), {
  ccid: process.env.CHAINCODE_ID,
  address: process.env.CHAINCODE_SERVER_ADDRESS,
  tlsProps: {
    key: readFileSync(process.env.CHAINCODE_TLS_KEY),
    cert: readFileSync(process.env.CHAINCODE_TLS_CERT),
  },
})
  .start()
  .then(() => process.stdout.write('ready\n'));

// It goes when the test that started it does.
process.stdin.on('end', () => process.exit(0)).resume();
