import { views } from '../views';

/** One place of the console that specs and screenshots visit. */
export interface Place {
  readonly name: string;
  readonly address: string;
}

/** Every view of the rail. */
export const places: readonly Place[] = views.map(({ id, path }) => ({ name: id, address: path }));
