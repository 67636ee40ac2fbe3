import { type Json, type JsonSchema } from '../json/json.js';
import { ownMember } from '../json/own.js';
import { APPLICATORS } from './keywords/applicators.js';
import { ARRAY } from './keywords/array.js';
import { GENERIC } from './keywords/generic.js';
import { NUMBER } from './keywords/number.js';
import { OBJECT } from './keywords/object.js';
import { STRING } from './keywords/string.js';
import { UNEVALUATED } from './keywords/unevaluated.js';
import { type Builder, isObject, isSchema, type SchemaNode } from './schema-node.js';
import { InvalidSchemaError } from './schema-issue.js';
import { escapePointer, findAnchors, resolvePointer } from './references.js';

const KEYWORDS = [...APPLICATORS, ...GENERIC, ...NUMBER, ...STRING, ...ARRAY, ...OBJECT, ...UNEVALUATED];
const TRACKING = ['unevaluatedItems', 'unevaluatedProperties'];
const MAX_DEPTH = 64;
const MAX_SCHEMAS = 10_000;

/** All schemas of one document, each compiled once. */
export class SchemaDocument {
  private readonly nodes = new Map<Json, SchemaNode>();
  private readonly anchors: ReadonlyMap<string, Json>;
  private count = 0;
  /** some schema asks what the others have left */
  tracks = false;

  constructor(private readonly root: JsonSchema) {
    this.anchors = findAnchors(root);
  }

  schemas(): Iterable<SchemaNode> {
    return this.nodes.values();
  }

  compile(schema: Json | undefined, pointer: string, depth: number): SchemaNode {
    if (!isSchema(schema)) throw new InvalidSchemaError('a schema is an object, true or false', pointer);
    if (depth > MAX_DEPTH) throw new InvalidSchemaError(`a schema is at most ${MAX_DEPTH} levels deep`, pointer);
    if (typeof schema === 'boolean') return booleanNode(schema, pointer);
    const known = this.nodes.get(schema);
    if (known) return known;
    if (++this.count > MAX_SCHEMAS)
      throw new InvalidSchemaError(`a schema has at most ${MAX_SCHEMAS} schemas`, pointer);
    if (pointer !== '' && ownMember(schema, '$id') !== undefined)
      throw new InvalidSchemaError('$id is only taken at the root: references stay in one document', pointer);
    const node: SchemaNode = { pointer, checks: [], inPlace: [] };
    this.nodes.set(schema, node);
    this.tracks ||= TRACKING.some((keyword) => ownMember(schema, keyword) !== undefined);
    const builder = this.builder(node, depth);
    for (const keyword of KEYWORDS) {
      const check = keyword(schema, builder);
      if (check) node.checks.push(check);
    }
    return node;
  }

  private builder(node: SchemaNode, depth: number): Builder {
    const child = (schema: Json | undefined, ...path: (string | number)[]): SchemaNode =>
      this.compile(schema, [node.pointer, ...path.map(escapePointer)].join('/'), depth + 1);
    const here = (found: SchemaNode): SchemaNode => (node.inPlace.push(found), found);
    return {
      child,
      inPlace: (schema, ...path) => here(child(schema, ...path)),
      reference: (ref) => here(this.refer(ref, node.pointer)),
      refuse: (message, keyword) => new InvalidSchemaError(message, `${node.pointer}/${escapePointer(keyword)}`),
    };
  }

  private refer(ref: string, from: string): SchemaNode {
    if (!ref.startsWith('#')) throw new InvalidSchemaError(`the reference ${ref} leaves the document`, from);
    const name = ref.slice(1);
    const target = name === '' || name.startsWith('/') ? resolvePointer(this.root, name) : this.anchors.get(name);
    if (!isSchema(target)) throw new InvalidSchemaError(`the reference ${ref} leads to no schema`, from);
    // The depth starts anew: a document's nesting is bounded, and its schemas are counted.
    return this.compile(target, isObject(target) && target === this.root ? '' : name, 0);
  }
}

const booleanNode = (allowed: boolean, pointer: string): SchemaNode => ({
  pointer,
  checks: allowed ? [] : [(_value, place, run) => run.fail(place, 'is not allowed')],
  inPlace: [],
});
