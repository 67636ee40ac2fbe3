export * from './add-business-hours.js';
export * from './deadline-of.js';
