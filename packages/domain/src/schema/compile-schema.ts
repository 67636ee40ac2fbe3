import { type Json, type JsonSchema } from '../json/json.js';
import { apply } from './apply.js';
import { CheckLimitError, CheckRun } from './check-run.js';
import { refuseEndlessReferences } from './endless-references.js';
import { ROOT } from './place.js';
import { SchemaDocument } from './schema-document.js';
import { type SchemaNode } from './schema-node.js';
import { InvalidSchemaError, type SchemaIssue } from './schema-issue.js';

export interface CompiledSchema {
  /** Nothing where the value is as the schema says, else up to 100 issues. Never takes long. */
  check(value: Json): SchemaIssue[];
}

/**
 * JSON Schema 2020-12 in one document: local references only, `format` and `default` only annotate, patterns run on
 * RE2, nothing is generated as code. A value that cannot be judged within the limits is an issue, not a pass.
 * @throws InvalidSchemaError
 */
export function compileSchema(schema: JsonSchema): CompiledSchema {
  const { root, tracks } = guarded(() => compileDocument(schema));
  return {
    check(value) {
      const run = new CheckRun(tracks);
      try {
        apply(root, value, ROOT, run);
      } catch (error) {
        run.issues.push({ pointer: '', message: limitOf(error) });
      }
      return run.issues;
    },
  };
}

function compileDocument(schema: JsonSchema): { root: SchemaNode; tracks: boolean } {
  const document = new SchemaDocument(schema);
  const root = document.compile(schema, '', 0);
  refuseEndlessReferences(document.schemas());
  return { root, tracks: document.tracks };
}

/** What ends a check early: its own limits, or a value deeper than the stack. */
function limitOf(error: unknown): string {
  if (error instanceof CheckLimitError) return error.message;
  if (error instanceof RangeError) return 'the value is nested too deeply';
  throw error;
}

function guarded<R>(compile: () => R): R {
  try {
    return compile();
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidSchemaError('the schema is nested too deeply');
    throw error;
  }
}
