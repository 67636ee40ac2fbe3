/* global AbortController */
// Profiles so many MiB of generated CSV and prints how large this process became.
import { BuiltinTools } from '@aumos/agf-tools';

const megabytes = Number(process.argv[2]);
const block = Buffer.from('some text,12.5,2024-01-01,"quoted, cell"\n'.repeat(1600));
let most = 0;

async function* content() {
  yield Buffer.from('a,b,c,d\n');
  const end = megabytes * 1024 * 1024;
  for (let sent = 0; sent < end; sent += block.length) {
    most = Math.max(most, process.memoryUsage.rss());
    yield block;
  }
}

const { rows } = await new BuiltinTools().get('csv_profile').run(
  { source: 'artifact:00000000-0000-4000-8000-000000000000' },
  {
    artifacts: { open: async () => ({ content: content() }) },
    signal: new AbortController().signal,
    heartbeat: () => undefined,
  },
);
process.stdout.write(JSON.stringify({ rows, most }));
