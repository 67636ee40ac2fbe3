/** `npm start -- data.csv table`: has the steward look at a file, and load it if somebody approves. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Api, json } from './api.js';
import { follow } from './follow.js';

const WRONG_USAGE = 2;

const [file, table] = process.argv.slice(2);
const { AGF_URL: url, AGF_TOKEN: token } = process.env;
if (!file || !table || !url || !token) {
  process.stderr.write('AGF_URL=https://…/api/v1 AGF_TOKEN=… npm start -- FILE.csv TABLE\n');
  process.exit(WRONG_USAGE);
}

const api = new Api(url, token);
const own = async (name: string): Promise<object> =>
  JSON.parse(await readFile(new URL(`../${name}`, import.meta.url), 'utf8')) as object;

/** Made once: who has it already keeps it as it is. */
await api.call('POST', '/agents', [201, 409], json(await own('steward.json')));
const graph_definition = (await own('load-when-fit.json')) as { name: string };
const { name } = graph_definition;
await api.call('POST', '/workflows', [201, 409], json({ name, graph_definition }));
const { items } = await api.call<{ items: { id: string }[] }>('GET', `/workflows?name=${name}`, [200]);

const content = { type: 'text/csv', text: await readFile(file, 'utf8') };
const artifact = await api.call<{ id: string }>(
  'POST',
  `/artifacts?name=${encodeURIComponent(path.basename(file))}`,
  [201],
  content,
);
const input_data = { source: `artifact:${artifact.id}`, table };
const started = await api.call<{ id: string }>(
  'POST',
  `/workflows/${items[0]!.id}/execute`,
  [202],
  json({ input_data }),
);
process.stdout.write(`execution ${started.id}\n`);

for await (const { event, data } of follow(api, started.id)) {
  if (event === 'tool_start') process.stdout.write(`calls ${String(data['tool'])}\n`);
  if (event === 'hitl_pause') process.stdout.write(`waits for approval ${String(data['approval_id'])}\n`);
  if (event === 'workflow_complete') process.stdout.write(`answers ${JSON.stringify(data['output'])}\n`);
  if (event !== 'error') continue;
  process.stderr.write(`failed ${JSON.stringify(data)}\n`);
  process.exitCode = 1;
}
