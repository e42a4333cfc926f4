/**
 * Imported before fabric-shim, which reads the level once: at its own default it writes two lines for each
 * transaction and one for each decorator.
 */
process.env['CORE_CHAINCODE_LOGGING_LEVEL'] ??= 'ERROR';
