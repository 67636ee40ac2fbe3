/* global AbortController */
// Loads 100,000 rows and, in the middle of the COPY, says so and waits: to be killed there. Argument: {connection, effect_key}.
import { BuiltinTools } from '@aumos/agf-tools';

const { connection, effect_key } = JSON.parse(process.argv[2]);
const rows = (from, to) =>
  Buffer.from(Array.from({ length: to - from }, (_, i) => `${from + i},text ${from + i}\n`).join(''));
let opened = 0;

async function* content() {
  // Opened first for the types, then for the rows.
  const copying = ++opened === 2;
  yield Buffer.from('id,text\n');
  yield rows(0, 50_000);
  if (copying) {
    // By now PostgreSQL has the first half: the stream asks for more only once it went out.
    process.stdout.write('half\n');
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
  yield rows(50_000, 100_000);
}

await new BuiltinTools().get('table_load').run(
  { source: 'artifact:00000000-0000-4000-8000-000000000000', table: 'killed' },
  {
    effect_key,
    signal: new AbortController().signal,
    heartbeat: () => undefined,
    artifacts: { open: async () => ({ content: content() }) },
    connections: { resolve: async () => connection },
  },
);
