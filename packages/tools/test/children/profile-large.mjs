/* global AbortController */
// Profiles so many MiB of generated CSV and prints by how much this process grew after the first quarter.
import { BuiltinTools } from '@aumos/agf-tools';

const megabytes = Number(process.argv[2]);
const block = Buffer.from('some text,12.5,2024-01-01,"quoted, cell"\n'.repeat(1600));
let quarter = 0;
let most = 0;

async function* content() {
  yield Buffer.from('a,b,c,d\n');
  const end = megabytes * 1024 * 1024;
  for (let sent = 0; sent < end; sent += block.length) {
    if (sent > end / 4) {
      const { rss } = process.memoryUsage();
      quarter ||= rss;
      most = Math.max(most, rss);
    }
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
process.stdout.write(JSON.stringify({ rows, growth: most - quarter, rss: most }));
