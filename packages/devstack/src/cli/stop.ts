import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { stopRunning } from '../system/running.js';
import { placesOf } from '../state/places.js';
import { print } from './terminal.js';

/** `npm run stop` */
export async function stop(): Promise<number> {
  await stopRunning(placesOf(), print);
  print('stopped', 'data stays; npm start goes on with it');
  return 0;
}

/** `npm run reset`: downloads stay in the cache. */
export async function reset(): Promise<number> {
  const places = placesOf();
  await stopRunning(places, print);
  const mine = [
    places.data,
    places.logs,
    places.local,
    places.state,
    places.secrets,
    join(places.home, 'issuer-keys.json'),
  ];
  for (const each of mine) rmSync(each, { recursive: true, force: true });
  print('reset', 'data, ports and keys are gone; npm start begins anew');
  return 0;
}
