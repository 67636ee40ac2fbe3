import { cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 500;

function times(): { busy: number; all: number } {
  let busy = 0;
  let all = 0;
  for (const { times: t } of cpus()) {
    busy += t.user + t.nice + t.sys + t.irq;
    all += t.user + t.nice + t.sys + t.irq + t.idle;
  }
  return { busy, all };
}

/** How busy the machine is while nothing is measured: absolute times mean little where this is high. */
export async function loadLine(): Promise<string> {
  const before = times();
  await sleep(LOOK_MS);
  const after = times();
  const share = (after.busy - before.busy) / Math.max(1, after.all - before.all);
  const [one = 0] = loadavg();
  return `${String(cpus().length)} cores, ${(share * 100).toFixed(0)} % busy before the start, load ${one.toFixed(1)}`;
}
