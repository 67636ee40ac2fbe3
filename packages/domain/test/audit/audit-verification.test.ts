import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  auditHash,
  type AuditHead,
  auditHeadLine,
  auditLine,
  type AuditReport,
  AuditVerification,
  type ChainedEntry,
  type JsonObject,
} from '../../src/index.js';
import { chainOf, exportOf, headOf, OTHER, type Said, TENANT } from './chain.js';

const said: fc.Arbitrary<Said> = fc.record({
  actor_id: fc.string({ unit: 'grapheme' }),
  action: fc.string(),
  outcome: fc.constantFrom('allowed' as const, 'denied' as const),
  details: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }) as fc.Arbitrary<JsonObject>,
});
const chains = (minLength = 1): fc.Arbitrary<ChainedEntry[]> =>
  fc.array(said, { minLength, maxLength: 8 }).map((each) => chainOf(each));
/** A chain and places in it. */
const places = (minLength = 1): fc.Arbitrary<[ChainedEntry[], number, number]> =>
  chains(minLength).chain((chain) => {
    const place = fc.nat({ max: chain.length - 1 });
    return fc.tuple(fc.constant(chain), place, place);
  });

function verify(lines: readonly string[], checkpoint?: AuditHead): AuditReport {
  const verification = new AuditVerification(checkpoint);
  for (const line of lines) verification.take(line);
  return verification.end();
}
const kindOf = (lines: readonly string[], checkpoint?: AuditHead) => verify(lines, checkpoint).finding?.kind;
const ten = chainOf(
  Array.from({ length: 10 }, (_, at) => ({ actor_id: 'a', action: 'b', outcome: 'denied', details: { at } })),
);
/** As somebody leaves it who can write everything: hashes and links made anew from there on. */
function rewritten(chain: readonly ChainedEntry[], at: number, change: Partial<ChainedEntry>): ChainedEntry[] {
  const made = chain.slice(0, at);
  for (const entry of chain.slice(at)) {
    const next = { ...entry, ...(entry === chain[at] ? change : {}) };
    next.previous_hash = made.at(-1)?.hash ?? next.previous_hash;
    made.push({ ...next, hash: auditHash(next) });
  }
  return made;
}

describe('an export', () => {
  it('is whole as it was made', () => {
    fc.assert(
      fc.property(chains(0), (chain) => {
        expect(verify(exportOf(chain))).toMatchObject({ verified: chain.length, finding: null });
      }),
    );
  });

  it('shows where any one entry was edited', () => {
    const edits = fc.constantFrom<(entry: ChainedEntry) => Partial<ChainedEntry>>(
      ({ actor_id }) => ({ actor_id: `${actor_id}x` }),
      ({ outcome }) => ({ outcome: outcome === 'denied' ? 'allowed' : 'denied' }),
      ({ details }) => ({ details: { ...details, more: 1 } }),
      ({ occurred_at }) => ({ occurred_at: occurred_at.replace('2026', '2025') }),
      ({ id }) => ({ id: id.replace(/^0/, '1') }),
      ({ hash }) => ({ hash: hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }),
      () => ({ tenant_id: OTHER }),
    );
    fc.assert(
      fc.property(places(), edits, ([chain, at], edit) => {
        const lines = exportOf(chain.map((entry, place) => (place === at ? { ...entry, ...edit(entry) } : entry)));
        lines[lines.length - 1] = auditHeadLine(headOf(chain));
        expect(verify(lines)).toMatchObject({ verified: at, finding: { kind: 'edited', position: at + 1 } });
      }),
    );
  });

  it('shows any byte that was changed', () => {
    fc.assert(
      fc.property(places(), fc.nat(), fc.constantFrom(' ', '0', 'x', '"'), ([chain, at], place, letter) => {
        const lines = exportOf(chain);
        const line = lines[at]!;
        const where = place % line.length;
        fc.pre(line[where] !== letter);
        lines[at] = line.slice(0, where) + letter + line.slice(where + 1);
        expect(verify(lines).finding?.position).toBe(at + 1);
      }),
    );
  });

  it('shows an entry whose hash was made anew by the one after', () => {
    fc.assert(
      fc.property(places(2), ([chain, at]) => {
        const forged = { ...chain[at]!, actor_id: `${chain[at]!.actor_id}x` };
        const lines = chain.map((entry, place) =>
          auditLine(place === at ? { ...forged, hash: auditHash(forged) } : entry),
        );
        const { finding } = verify([...lines, auditHeadLine(headOf(chain))]);
        expect(finding).toMatchObject({ kind: 'edited', position: Math.min(at + 2, chain.length) });
      }),
    );
  });

  it('shows that any one entry was deleted', () => {
    fc.assert(
      fc.property(places(), ([chain, at]) => {
        const kind = at === chain.length - 1 ? 'truncated' : 'deleted';
        expect(verify(exportOf(chain).toSpliced(at, 1)).finding).toMatchObject({ kind, position: at + 1 });
      }),
    );
  });

  it('shows that any two entries changed places', () => {
    fc.assert(
      fc.property(places(2), ([chain, one, other]) => {
        fc.pre(one !== other);
        const lines = exportOf(chain);
        [lines[one], lines[other]] = [lines[other]!, lines[one]!];
        expect(verify(lines).finding).toMatchObject({ kind: 'reordered', position: Math.min(one, other) + 1 });
      }),
    );
  });

  it('shows that its end was cut off, with or without the line of the head', () => {
    fc.assert(
      fc.property(places(), fc.boolean(), ([chain, left], keepsHead) => {
        const lines = [...chain.slice(0, left).map(auditLine), ...(keepsHead ? [auditHeadLine(headOf(chain))] : [])];
        expect(verify(lines).finding).toMatchObject({ kind: 'truncated', position: left + 1 });
      }),
    );
  });

  it('shows what was put in', () => {
    const foreign = chainOf(
      [1, 2, 3].map(() => ({ actor_id: 'x', action: 'x', outcome: 'allowed', details: {} })),
      OTHER,
    );
    const lines = exportOf(ten);
    expect(kindOf(lines.toSpliced(4, 0, lines[1]!))).toBe('inserted');
    expect(verify(lines.toSpliced(2, 1, auditLine(foreign[2]!))).finding).toMatchObject({
      ...{ kind: 'foreign_tenant', position: 3 },
    });
    expect(kindOf([...lines.slice(0, -1), auditHeadLine({ ...headOf(ten), tenant_id: OTHER })])).toBe('foreign_tenant');
    expect(kindOf(lines.toSpliced(4, 0, ''))).toBe('edited');
    expect(kindOf([...lines, lines[0]!])).toBe('inserted');
    // A second member of the same name would be another one to another reader.
    expect(kindOf(lines.toSpliced(0, 1, lines[0]!.replace('{', '{"outcome":"allowed",')))).toBe('edited');
  });

  it('has a head that fits', () => {
    const entries = ten.map(auditLine);
    expect(kindOf([...entries, auditHeadLine({ ...headOf(ten), hash: 'f'.repeat(64) })])).toBe('edited');
    expect(kindOf([...entries, auditHeadLine(headOf(ten, 9))])).toBe('edited');
    expect(kindOf([])).toBe('truncated');
    expect(verify([auditHeadLine(headOf([]))])).toMatchObject({ verified: 0, head: null, finding: null });
  });
});

describe('a checkpoint', () => {
  it('shows that the chain was made anew, or cut and its head with it', () => {
    fc.assert(
      fc.property(places(2), ([chain, at, where]) => {
        fc.pre(at <= where);
        const checkpoint = headOf(chain, where + 1);
        expect(kindOf(exportOf(chain), checkpoint)).toBeUndefined();
        const other = rewritten(chain, at, { actor_id: `${chain[at]!.actor_id}x` });
        expect(kindOf(exportOf(other))).toBeUndefined();
        expect(verify(exportOf(other), checkpoint).finding).toMatchObject({ kind: 'rewritten', position: where + 1 });
        const cut = chain.slice(0, where);
        const lines = [...cut.map(auditLine), auditHeadLine({ ...headOf(cut), tenant_id: TENANT })];
        expect(kindOf(lines)).toBeUndefined();
        expect(verify(lines, checkpoint).finding).toMatchObject({ kind: 'truncated', position: where + 1 });
      }),
    );
  });

  it('lets what came after be verified without what was before', () => {
    const rest = exportOf(ten).slice(6);
    expect(verify(rest).finding).toMatchObject({ kind: 'deleted', position: 1 });
    expect(verify(rest, headOf(ten, 6))).toMatchObject({ first: 7, verified: 4, head: headOf(ten), finding: null });
    expect(kindOf(rest, { ...headOf(ten, 6), hash: 'f'.repeat(64) })).toBe('edited');
    expect(kindOf(rest, headOf(ten, 5))).toBe('deleted');
    expect(kindOf(exportOf(ten).slice(10), headOf(ten))).toBeUndefined();
    expect(kindOf(exportOf(ten), { ...headOf(ten, 6), tenant_id: OTHER })).toBe('foreign_tenant');
  });
});
