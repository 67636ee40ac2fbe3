import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createFileRegistry, fromBinary, toJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { anEvent } from './support/events.js';
import { readTopics } from './support/read-topics.js';
import { aWorld, type World } from './support/world.js';

const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..');

let world: World;
beforeAll(async () => {
  world = await aWorld(1);
});
afterAll(() => world.close());

/** What a stranger has: the schema, and the table of the README that says which message is on which topic. */
async function theSchema() {
  const bin = join(dirname(createRequire(import.meta.url).resolve('@bufbuild/buf/package.json')), 'bin/buf');
  const build = [bin, 'build', '--output', '-#format=binpb'];
  const { stdout } = await promisify(execFile)(process.execPath, build, { cwd: PACKAGE, encoding: 'buffer' });
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, stdout));
}
async function theTable() {
  const readme = await readFile(join(PACKAGE, 'README.md'), 'utf8');
  return [...readme.matchAll(/^\| `(agf\.[a-z_.]+)` +\| `(\w+)`/gm)].map(
    ([, topic, message]) => [topic!, message!] as const,
  );
}

it('can be read with a plain client and the schema alone', async () => {
  const events = EVENT_TYPES.map((type) => anEvent(type));
  await world.append(...events);
  const relay = world.relay();
  relay.start();
  await eventually(async () => (await world.unpublished()) === 0, 'an empty outbox');
  await relay.stop();
  const [schema, table] = [await theSchema(), await theTable()];
  expect(table.map(([topic]) => topic).sort()).toEqual([...EVENT_TYPES].sort());
  for (const [topic, name] of table) {
    const [record] = await readTopics(world.kafka, [world.prefix + topic]);
    const descriptor = schema.getMessage(`aumos.events.v1.${name}`)!;
    const read = toJson(descriptor, fromBinary(descriptor, record!.message.value!), { useProtoFieldName: true });
    const event = events.find((one) => one.event_type === topic)!;
    expect(read).toMatchObject({
      envelope: {
        event_id: event.event_id,
        event_type: topic,
        schema_version: '1',
        tenant_id: event.tenant_id,
        actor_id: event.actor_id,
        resource_id: event.aggregate_id,
        occurred_at: event.occurred_at,
        correlation_id: event.correlation_id,
        aggregate_version: '1',
        aggregate_type: event.aggregate_type,
      },
    });
  }
});
