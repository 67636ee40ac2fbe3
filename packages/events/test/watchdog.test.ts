import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { eventually } from '@aumos/agf-testing';
import { Watchdog } from '../src/watchdog/watchdog.js';

it('speaks once after a silence', async () => {
  const said: string[] = [];
  const dog = new Watchdog(20, (why) => said.push(why));
  dog.start();
  await eventually(() => said.length > 0, 'the alarm');
  await sleep(60);
  expect(said).toEqual([expect.stringMatching(/^no progress for \d+ ms$/)]);
});

it('keeps quiet while the service is away for everybody', async () => {
  const said: string[] = [];
  let asked = 0;
  const dog = new Watchdog(
    10,
    (why) => said.push(why),
    () => Promise.resolve(++asked > 2),
  );
  dog.start();
  await eventually(() => said.length > 0, 'the alarm');
  expect(asked).toBe(3);
});

it('keeps quiet while there is progress, and after it was stopped', async () => {
  const said: string[] = [];
  const dog = new Watchdog(100, (why) => said.push(why));
  dog.start();
  for (let i = 0; i < 10; i++) {
    await sleep(20);
    dog.progress();
  }
  dog.stop();
  await sleep(150);
  expect(said).toEqual([]);
});
