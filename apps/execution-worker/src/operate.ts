/** What is done to executions and builds by hand: `node dist/operate.js replay|export|versions …`, see the README. */
import 'reflect-metadata';
import { operate } from './operate/operate.js';

const code = await operate(process.argv.slice(2), {
  env: process.env,
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
});
// Temporal's runtime would keep the process; what was printed goes out first.
process.stdout.write('', () => process.exit(code));
