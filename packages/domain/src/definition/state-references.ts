/** Channels that an expression names as `state.name` or `state["name"]`. Reads tokens only: the source need not compile. */
export const stateReferences = (source: string): string[] => {
  const tokens = tokensOf(source);
  const names = new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (token !== 'state' || tokens[index - 1] === '.') continue;
    const [after, name] = [tokens[index + 1], tokens[index + 2]];
    // `list.map(state, …)` gives the name another meaning: then nothing is said.
    if (after === ',' && tokens[index - 1] === '(') return [];
    if (after === '.' && name !== undefined && /^\w+$/.test(name)) names.add(name);
    if (after === '[' && name !== undefined && tokens[index + 3] === ']') {
      const literal = /^(?:"([\w-]*)"|'([\w-]*)')$/.exec(name);
      const channel = literal?.[1] ?? literal?.[2];
      if (channel !== undefined) names.add(channel);
    }
  }
  return [...names];
};

/** Comments, texts (also raw ones and those in three quotes), words, and any other character by itself. */
const TOKEN =
  /\/\/[^\n]*|\b[rRbB]{0,2}(?:"""[^]*?"""|'''[^]*?''')|\b[rR][bB]?(?:"[^"\n]*"|'[^'\n]*')|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\w+|[^\s\w]/g;

const tokensOf = (source: string): string[] =>
  [...source.matchAll(TOKEN)].map(([token]) => token).filter((token) => !token.startsWith('//'));
