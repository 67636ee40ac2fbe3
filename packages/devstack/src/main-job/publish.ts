import { type Api, ApiRefusal, type Page } from './api.js';
import { DATASET_PUBLISH } from './dataset-publish.js';

interface Workflow {
  id: string;
  name: string;
}

async function findWorkflow(api: Api, name: string): Promise<Workflow> {
  for (let page = 1; ; page++) {
    const { items, has_next } = await api.call<Page<Workflow>>('GET', `/workflows?page=${String(page)}&page_size=100`);
    const found = items.find((each) => each.name === name);
    if (found) return found;
    if (!has_next) throw new Error(`${name} exists, but is in no list`);
  }
}

/** @returns the workflow, and whether this call published it: an earlier run may have */
export async function publish(api: Api): Promise<{ id: string; isNew: boolean }> {
  const { name } = DATASET_PUBLISH;
  try {
    const json = { name, graph_definition: DATASET_PUBLISH };
    return { id: (await api.call<Workflow>('POST', '/workflows', { json })).id, isNew: true };
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.status !== 409) throw error;
    return { id: (await findWorkflow(api, name)).id, isNew: false };
  }
}
