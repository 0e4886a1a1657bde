import { textWidth } from '../../src/report/charts/textWidth.js';

/** All texts of a picture, in their order. */
export const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((found) => found[1]!);

export interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Extents of all upright texts, by the widths of the font. */
export function boxes(svg: string): Box[] {
  return [...svg.matchAll(/<text x="([-\d.]+)" y="([-\d.]+)" font-size="([\d.]+)"([^>]*)>([^<]*)<\/text>/g)].flatMap(([, x, y, size, rest = '', content = '']) => {
    if (rest.includes('rotate')) return [];
    const text = content.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    const width = textWidth(text, Number(size), rest.includes('bold'));
    const left = Number(x) - (rest.includes('"middle"') ? width / 2 : rest.includes('"end"') ? width : 0);
    return [{ text, left, right: left + width, top: Number(y) - 0.75 * Number(size), bottom: Number(y) + 0.2 * Number(size) }];
  });
}

/** Texts that touch one another or stick out of the picture. */
export function overlaps(svg: string): string[] {
  const all = boxes(svg);
  const width = Number(/width="(\d+)"/.exec(svg)![1]);
  const outside = all.filter(({ left, right }) => left < 0 || right > width).map(({ text }) => `outside: ${text}`);
  const touching = all.flatMap((a, i) =>
    all.slice(i + 1).filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).map((b) => `${a.text} / ${b.text}`),
  );
  return [...outside, ...touching];
}
