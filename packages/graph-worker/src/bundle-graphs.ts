import { fileURLToPath } from 'node:url';
import { quiet, withoutMap, withoutStacks, withTeamGraphs } from '@aumos/agf-engine/bundle';
import { bundleWorkflowCode } from '@temporalio/worker';

/** A team's graphs, ready for Temporal's sandbox: the text, or a file that has it. */
export type GraphBundle = { code: string } | { codePath: string };

// From the package's root, so that it is found from the sources as well as from dist.
const ENTRY = fileURLToPath(new URL('../dist/workflow/entry.js', import.meta.url));

/**
 * Bundles a module of graphs: takes some seconds, and gives the same for the same files. Build it once, with the image;
 * a worker that gets no bundle builds its own.
 * @param graphs the module's file, as JavaScript: each export that is a graph, or gives one, is called by its name
 */
export async function bundleGraphs(graphs: URL | string): Promise<{ code: string }> {
  const file = typeof graphs === 'string' ? graphs : fileURLToPath(graphs);
  const { code } = await bundleWorkflowCode({
    workflowsPath: ENTRY,
    logger: quiet,
    webpackConfigHook: withTeamGraphs({ 'agf-team-graphs': file }),
  });
  return { code: withoutStacks(withoutMap(code)) };
}
