import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ACCOUNTS, isAccount } from '../issuer/accounts.js';
import { mintToken } from '../issuer/mint-token.js';
import { Api } from '../main-job/api.js';
import { placesOf } from '../state/places.js';
import { readLocal } from '../system/local-file.js';
import { comparisonLines, type Comparison } from './comparison-lines.js';
import { UsageError } from './usage.js';

const USAGE = `npm run compare -- WORKFLOW [options]    what executions that ended would have been on another version
  WORKFLOW              name or id
  --definition FILE     a definition that is not published yet; else:
  --version N           default: the newest
  --execution ID        repeatable; default: the newest that ended
  --newest N            of those, so many (default 10)
  --account NAME        whose token (default acme-developer)
  --json                the gateway's answer
AGF_GATEWAY and AGF_TOKEN name another installation. Exit code 1: something differs.`;

/** @returns 0: nothing differs; 1: something does */
export async function compare(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      definition: { type: 'string' },
      version: { type: 'string' },
      execution: { type: 'string', multiple: true },
      newest: { type: 'string' },
      account: { type: 'string', default: 'acme-developer' },
      json: { type: 'boolean', default: false },
    },
  });
  const [workflow, ...more] = positionals;
  if (workflow === undefined || more.length > 0) throw new UsageError(USAGE);
  const api = await apiOf(values.account);
  const { definition, version, execution, newest } = values;
  const answer = await api.call<Comparison>('POST', `/workflows/${await idOf(api, workflow)}/compare`, {
    json: {
      ...(definition === undefined ? {} : { graph_definition: await definitionIn(definition) }),
      ...(version === undefined ? {} : { version: numberOf('--version', version) }),
      ...(execution === undefined ? {} : { execution_ids: execution }),
      ...(newest === undefined ? {} : { newest: numberOf('--newest', newest) }),
    },
  });
  if (values.json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else for (const line of comparisonLines(answer)) process.stdout.write(`${line}\n`);
  return answer.same ? 0 : 1;
}

async function apiOf(account: string): Promise<Api> {
  const { AGF_GATEWAY: gateway, AGF_TOKEN: token } = process.env;
  if (gateway !== undefined && token !== undefined) return Api.with(token, gateway);
  if (!isAccount(account)) throw new UsageError(`name an account: ${Object.keys(ACCOUNTS).join(', ')}`);
  const local = readLocal(placesOf().local);
  if (!local) throw new UsageError('nothing was started here yet: npm start');
  return Api.with(await mintToken(local.issuer, account), local.gateway);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function idOf(api: Api, workflow: string): Promise<string> {
  if (UUID.test(workflow)) return workflow;
  const { items } = await api.call<{ items: { id: string }[] }>(
    'GET',
    `/workflows?name=${encodeURIComponent(workflow)}`,
  );
  const id = items[0]?.id;
  if (id === undefined) throw new UsageError(`there is no workflow ${workflow}`);
  return id;
}

async function definitionIn(file: string): Promise<unknown> {
  const text = await readFile(resolve(process.env['INIT_CWD'] ?? '.', file), 'utf8').catch(() => {
    throw new UsageError(`there is no ${file}`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`${option} takes a number from 1 on`);
  return value;
}
