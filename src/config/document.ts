import { LineCounter, parseDocument, isMap, isNode } from 'yaml';
import { PenstockError } from '../errors/index.js';

/** A configuration file as plain data, with the line each key stands on. */
export interface ConfigDocument {
  readonly file: string;
  readonly sections: Readonly<Record<string, unknown>>;
  /** The line of a key given by its path, or of its nearest parent that is in the file. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/**
 * Reads YAML (JSON is YAML, too) into sections.
 * Throws `config/syntax` with the line of the first mistake, and for a file that is not a map of sections.
 */
export function parseConfig(text: string, file: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const mistake = document.errors[0];
  if (mistake) throw new PenstockError('config/syntax', mistake.message, { file, line: lines.linePos(mistake.pos[0]).line });
  if (!isMap(document.contents)) {
    throw new PenstockError('config/syntax', 'expected a map of sections, such as "features_pipeline: { ... }"', { file, line: 1 });
  }

  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length > 0; length--) {
      const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
      const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(path[length - 1])) : undefined;
      const node = pair?.key;
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
  return { file, sections: document.toJS() as Record<string, unknown>, lineOf };
}
