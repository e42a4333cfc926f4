/**
 * The names of the network that the contracts' rules are written in. A contract cannot read the topology – it
 * would differ between endorsers – so a test holds these against it.
 */
export const USER_SERVICE = 'UserServiceMSP';
export const PARKING_OPERATOR = 'ParkingOperatorMSP';
export const CHARGING_STATION = 'ChargingStationMSP';

/** The organizations that may be paid. */
export const PAYEES: readonly string[] = [PARKING_OPERATOR, CHARGING_STATION];

export const WALLET_CONTRACT = 'wallet';
export const WALLET_CHANNEL = 'wallet-channel';

/** Values of the `role` attribute in certificates. */
export const REGISTRAR = 'registrar';
export const OPERATOR = 'operator';
