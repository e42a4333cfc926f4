/** Imported before fabric-shim: refusals are what tests are about, not news for the console. */
process.env['CORE_CHAINCODE_LOGGING_LEVEL'] = 'CRITICAL';
