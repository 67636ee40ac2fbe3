/** Runs every suite: `.test.ts` is pure, `.int.test.ts` needs the real services (AGF_TEST_STACK), `.replay.test.ts` replays histories. */
export default {
  roots: [
    '<rootDir>/apps',
    '<rootDir>/packages',
    '<rootDir>/examples',
    '<rootDir>/tests',
    '<rootDir>/bench',
    '<rootDir>/infra',
  ],
  testMatch: ['**/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Modules of suites that ended stay in a worker: a full heap slows all that measure or wait.
  workerIdleMemoryLimit: '1GB',
  testTimeout: 30_000,
};
