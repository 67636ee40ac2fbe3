/** Imports point one way: domain ← packages ← apps. */
const APPS = '^apps/([^/]+)/';
export default {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphan-resolution',
      severity: 'error',
      from: { pathNot: 'dist/' },
      to: { couldNotResolve: true, pathNot: '^(bun|cloudflare):|^agf-team-graphs$' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'No Nest, no I/O, nothing of Node: product repositories and the workflow sandbox use it.',
      from: { path: '^packages/domain/src' },
      to: {
        pathNot:
          '^(packages/domain/|node_modules/.*(@marcbachmann|@noble|canonicalize|graphology|json-schema-library|re2js|zod))',
      },
    },
    {
      name: 'sandbox-is-safe',
      severity: 'error',
      comment: 'Workflow code: no Node modules, no clients, no zod or graphology.',
      from: { path: '^packages/engine/src/workflow' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sandbox-imports',
      severity: 'error',
      from: { path: '^packages/engine/src/workflow' },
      to: { path: '^packages/engine/src/(worker|client)|^packages/(?!domain|engine)' },
    },
    {
      name: 'packages-never-import-apps',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-never-import-apps',
      severity: 'error',
      from: { path: APPS },
      to: { path: APPS, pathNot: '^apps/$1/' },
    },
    {
      name: 'engine-knows-no-database',
      severity: 'error',
      from: { path: '^packages/(engine|outgoing|resilience|sessions|tools)/src' },
      to: { path: '^packages/(persistence|events|platform)/' },
    },
    {
      name: 'teams-take-the-kit-alone',
      severity: 'error',
      comment: 'What a team writes needs nothing of the platform but the worker kit.',
      from: { path: '^examples/[^/]+/src' },
      to: { path: '^(apps|packages)/', pathNot: '^packages/(node|graph)-worker/' },
    },
    {
      name: 'no-test-code-in-products',
      severity: 'error',
      from: { path: '^(apps|packages)/[^/]+/src', pathNot: '^packages/(persistence/src/testing|testing)' },
      to: { path: '^packages/testing/|/test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|dist' },
    exclude: { path: '(^|/)(dist|gen|\\.agf|\\.turbo)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
