// A small app for the tests of a process's whole life; decorators are called by hand because nothing compiles this file.
import { startTelemetry } from '../../dist/instrument.js';

startTelemetry({ service: 'sample', env: process.env });
const { runSample } = await import('./sample.mjs');
await runSample();
