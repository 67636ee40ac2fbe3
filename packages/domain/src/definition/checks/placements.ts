import { RESERVED_TASK_QUEUES } from '../../keys/keys.js';
import type { CheckContext } from './context.js';

/** Where a function node's handler runs: in the platform's own process, or on a queue that is not the platform's own. */
export const checkPlacements = ({ draft, findings }: CheckContext): void => {
  for (const { value: node, pointer } of draft.nodes) {
    if (node?.type !== 'function' || node.task_queue === undefined) continue;
    const at = { node: node.id, pointer: `${pointer}/task_queue` };
    if (node.placement === 'local') {
      const message = `${node.id} is local, so it runs on no task queue`;
      findings.error({ rule: 'LOCAL_TASK_QUEUE', message, ...at, hint: 'leave out task_queue or placement' });
    } else if (RESERVED_TASK_QUEUES.has(node.task_queue)) {
      const message = `${node.task_queue} is a queue of the platform, which runs no handlers`;
      findings.error({ rule: 'RESERVED_TASK_QUEUE', message, ...at, hint: "name the queue of the handler's worker" });
    }
  }
};
