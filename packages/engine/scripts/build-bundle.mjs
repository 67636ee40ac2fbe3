/** Bundles the compiled workflows (dist/workflow) at build time; workers start from the files. Run after tsc. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { quiet, treeShaken, withLangGraph, withoutMap, withoutStacks } from './bundle/index.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const compiled = (name) => path(`../dist/workflow/${name}.js`);

async function build(entry, hook, shared = []) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: compiled(entry),
    preloadModules: shared.map(compiled),
    logger: quiet,
    webpackConfigHook: hook,
  });
  return withoutMap(code);
}

const write = (name, code) => writeFileSync(path(`../dist/${name}`), code);
const [graph, approval] = await Promise.all([
  build('graph-bundle-entry', withLangGraph, ['shared-modules']),
  build('approval-bundle-entry', treeShaken),
]);
write('graph-bundle.js', withoutStacks(graph));
write('graph-bundle.stacks.js', graph);
write('approval-bundle.js', approval);
