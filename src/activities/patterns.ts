/** Whether a name fits one of the patterns, in which `*` stands for any text. No pattern at all lets every name pass. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => asExpression(pattern).test(name));
}

/** The patterns that fit none of the names: most likely misspelt. */
export function unmatched(names: readonly string[], patterns: readonly string[]): string[] {
  return patterns.filter((pattern) => !names.some((name) => asExpression(pattern).test(name)));
}

function asExpression(pattern: string): RegExp {
  return new RegExp(`^${pattern.split(/\*+/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 'i');
}
