/** Loaded by the execution worker, see AUMOS_AGF_HANDLER_MODULES. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineHandler } from '@aumos/agf-node-worker';

/** Leaves a line in a file, each time it runs. */
const tally = defineHandler({
  async run({ file, n }, { effect_key }) {
    appendFileSync(file, `${effect_key}\n`);
    await sleep(4);
    return n + 1;
  },
});

export const handlers = { tally };
