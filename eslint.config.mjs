import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const RAW_SQL = {
  selector:
    "CallExpression[callee.property.name='query'] > :matches(Literal[value=/^\\s*(select|insert|update|delete|with|create|alter|drop|truncate|copy|set|begin|commit)\\b/i], TemplateLiteral[quasis.0.value.raw=/^\\s*(select|insert|update|delete|with|create|alter|drop|truncate|copy|set|begin|commit)\\b/i]).arguments",
  message: 'Raw SQL lives in migrations, the tenant setting and measured hot paths of packages/persistence.',
};

/** A statement by its name, as it stands in a constant. */
const NAMED_SQL = {
  selector: "CallExpression[callee.property.name='query'][arguments.0.type=/^(Identifier|MemberExpression)$/]",
  message: RAW_SQL.message,
};

/** Where raw SQL is at home; every other place goes through a repository. */
const SQL_PLACES = [
  'packages/persistence/src/**',
  'packages/events/src/relay/**', // the outbox relay's own role and connection
  'packages/tools/src/{builtin,postgres}/**', // a tenant's registered database, not the platform's
  'packages/devstack/src/**', // provisioning
  '**/test/**',
  'bench/**',
  'tests/**',
];

export default defineConfig(
  globalIgnores(['**/dist/**', '**/gen/**', '**/.agf/**', '**/.turbo/**', '**/node_modules/**', '**/histories/**']),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', RAW_SQL, NAMED_SQL],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // Nest modules are empty classes under a decorator.
      '@typescript-eslint/no-extraneous-class': 'off',
      // A port's adapter may answer without waiting.
      '@typescript-eslint/require-await': 'off',
    },
  },
  // Nest reads constructor types at run time: they may not be imported as types only.
  {
    files: ['apps/**/*.ts', 'packages/{platform,persistence,events,resilience,sessions}/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  { files: SQL_PLACES, rules: { 'no-restricted-syntax': 'off' } },
  // Commands talk to the person at the terminal.
  {
    files: ['**/cli.ts', '**/cli/**', 'bench/src/**', 'packages/devstack/src/main-job/**', 'scripts/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        module: 'writable',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
  },
  {
    files: ['**/test/**', 'tests/**'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
