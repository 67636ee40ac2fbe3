/** Bundles the compiled workflows (dist/workflow) at build time; workers start from the files. Run after tsc. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { quiet, treeShaken, withLangGraph, withoutMap, withoutStacks } from './bundle/index.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

async function build(entry, hook) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path(`../dist/workflow/${entry}.js`),
    logger: quiet,
    webpackConfigHook: hook,
  });
  return withoutMap(code);
}

const write = (name, code) => writeFileSync(path(`../dist/${name}`), code);
const [graph, approval] = await Promise.all([
  build('graph-bundle-entry', withLangGraph),
  build('approval-bundle-entry', treeShaken),
]);
write('graph-bundle.js', withoutStacks(graph));
write('graph-bundle.stacks.js', graph);
write('approval-bundle.js', approval);
