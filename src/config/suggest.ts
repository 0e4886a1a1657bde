import { distance } from 'fastest-levenshtein';

/** The candidate that is nearest to a misspelt word, if one is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const steps = distance(word.toLowerCase(), candidate.toLowerCase());
    if (steps < least) {
      best = candidate;
      least = steps;
    }
  }
  return best;
}

/** `unknown key "lable"; did you mean "label"?` or, with nothing near, the whole list of what is allowed. */
export function unknownWord(kind: string, word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  const hint = near ? `did you mean "${near}"?` : `allowed: ${[...candidates].sort().join(', ')}`;
  return `unknown ${kind} "${word}"; ${hint}`;
}
