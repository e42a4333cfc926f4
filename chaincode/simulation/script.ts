import type { ContractName } from './city';
import type { IdentityName } from './identities';

export type Step = readonly [
  as: IdentityName,
  contract: ContractName,
  call: string,
  ...args: (string | number)[],
];

/**
 * A history that calls every function of every contract: each one successfully, most of them also in ways that
 * are refused or repeated. Times are relative to the given moment.
 */
export function everyFunction(now: number): Step[] {
  const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();
  const parkingHold = ['ada', 'ParkingOperatorMSP', 500, 'parking:b1'] as const;
  return [
    ['registrar', 'user', 'RegisterUser', 'ada', 'Ada Lovelace', 'driver'],
    ['registrar', 'user', 'RegisterUser', 'ada', 'Ada Lovelace', 'driver'],
    ['parkingOperator', 'user', 'RegisterUser', 'bob', 'Bob', 'driver'],
    ['registrar', 'user', 'UpdateUser', 'ada', 'Ada İlknur ß Lovelace', 'operator'],
    ['registrar', 'user', 'AddVehicle', 'ada', 'B-CF 1'],
    ['registrar', 'user', 'AddVehicle', 'ada', 'Ä-Z 22'],
    ['registrar', 'user', 'RemoveVehicle', 'ada', 'B-CF 1'],
    ['registrar', 'user', 'SuspendUser', 'ada', 'unpaid'],
    ['registrar', 'user', 'ReinstateUser', 'ada'],
    ['registrar', 'user', 'GetUser', 'ada'],
    ['registrar', 'user', 'GetUser', 'nobody'],
    ['registrar', 'user', 'ListUsers', 10, ''],
    ['registrar', 'user', 'GetUserHistory', 'ada'],

    ['registrar', 'wallet', 'OpenWallet', 'ada'],
    ['registrar', 'wallet', 'TopUp', 't1', 'ada', 10_000],
    ['registrar', 'wallet', 'TopUp', 't1', 'ada', 10_001],
    ['registrar', 'wallet', 'HoldPayment', 'p1', ...parkingHold],
    ['registrar', 'wallet', 'HoldPayment', 'p1', ...parkingHold],
    ['registrar', 'wallet', 'HoldPayment', 'p2', ...parkingHold],
    ['registrar', 'wallet', 'HoldPayment', 'p3', 'ada', 'ChargingStationMSP', 605, 'charging:c1'],
    ['parkingOperator', 'wallet', 'ReleasePayment', 'p2', 'twice'],
    ['auditor', 'wallet', 'GetWallet', 'ada'],
    ['auditor', 'wallet', 'GetPayment', 'p1'],
    ['auditor', 'wallet', 'ListEntries', 'ada', 2, ''],
    ['auditor', 'wallet', 'ListPayments', 2, ''],
    ['auditor', 'wallet', 'ListWallets', 2, ''],

    ['parkingOperator', 'parking', 'RegisterSpot', 's1', 'mitte', 'street', 250],
    ['parkingOperator', 'parking', 'RegisterSpot', 's2', 'mitte', 'street', 250],
    ['parkingOperator', 'parking', 'UpdateSpot', 's1', 'nord', 'garage', 250],
    ['registrar', 'parking', 'CheckAvailability', 's1', at(10), at(130)],
    ['registrar', 'parking', 'CreateBooking', 'b1', 's1', 'ada', at(10), at(130)],
    ['registrar', 'parking', 'CreateBooking', 'b2', 's1', 'ada', at(20), at(60)],
    ['registrar', 'parking', 'CreateBooking', 'b3', 's1', 'ada', at(1440), at(2880)],
    ['registrar', 'parking', 'ConfirmBooking', 'b3', 'p1'],
    ['registrar', 'parking', 'ConfirmBooking', 'b1', 'p9'],
    ['registrar', 'parking', 'ConfirmBooking', 'b1', 'p1'],
    ['parkingOperator', 'parking', 'CheckIn', 'b1'],
    ['parkingOperator', 'parking', 'CheckOut', 'b1'],
    ['parkingOperator', 'parking', 'CancelBooking', 'b3', 'Düsseldorf'],
    ['auditor', 'parking', 'GetBooking', 'b1'],
    ['auditor', 'parking', 'ListBookings', 's1', 1, ''],
    ['auditor', 'parking', 'ListBookingsByUser', 'ada', 5, ''],
    ['parkingOperator', 'parking', 'RetireSpot', 's2'],
    ['auditor', 'parking', 'GetSpot', 's2'],
    ['auditor', 'parking', 'ListSpots', 'mitte', 5, ''],
    ['auditor', 'parking', 'GetSpotHistory', 's1'],

    ['chargingOperator', 'charging', 'RegisterStation', 'x1', 'mitte', 2, 22.5, 49],
    ['chargingOperator', 'charging', 'SetConnectorStatus', 'x1', 2, 'OUT_OF_SERVICE'],
    ['registrar', 'charging', 'StartSession', 'c1', 'x1', 1, 'ada'],
    ['registrar', 'charging', 'StartSession', 'c2', 'x1', 1, 'ada'],
    ['chargingOperator', 'charging', 'RecordMeter', 'c1', 12_345],
    ['chargingOperator', 'charging', 'RecordMeter', 'c1', 12_344],
    ['chargingOperator', 'charging', 'StopSession', 'c1'],
    ['chargingOperator', 'charging', 'SettleSession', 'c1', 'p3'],
    ['auditor', 'charging', 'GetStation', 'x1'],
    ['auditor', 'charging', 'ListStations', '', 5, ''],
    ['auditor', 'charging', 'GetSession', 'c1'],
    ['auditor', 'charging', 'ListSessionsByUser', 'ada', 5, ''],
    ['auditor', 'charging', 'GetStationHistory', 'x1'],

    ['parkingOperator', 'wallet', 'CapturePayment', 'p1'],
    ['parkingOperator', 'wallet', 'RefundPayment', 'p1', 'goodwill'],
  ];
}
