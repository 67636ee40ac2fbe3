import { type SchemaNode } from './schema-node.js';
import { InvalidSchemaError } from './schema-issue.js';

/** Schemas that lead back to themselves without looking deeper into the value would never end. */
export function refuseEndlessReferences(schemas: Iterable<SchemaNode>): void {
  const done = new Set<SchemaNode>();
  const open = new Set<SchemaNode>();
  const visit = (node: SchemaNode): void => {
    if (done.has(node)) return;
    if (open.has(node)) throw new InvalidSchemaError('the reference leads back to itself', node.pointer);
    open.add(node);
    node.inPlace.forEach(visit);
    open.delete(node);
    done.add(node);
  };
  for (const node of schemas) visit(node);
}
