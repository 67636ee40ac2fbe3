export { placesOf, type Places } from './state/places.js';
export { State } from './state/state.js';
export { Secrets } from './state/secrets.js';
export { type Surroundings } from './services/service.js';
export { startServices, addressesOf } from './services/services.js';
