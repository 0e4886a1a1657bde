import { ink } from './palette.js';

/** Family of every text; the first one is the font that pictures are rendered with. */
export const fontFamily = 'DejaVu Sans';

type Value = string | number | undefined;

/** One element; numbers are rounded to hundredths of a pixel, undefined attributes left out. */
export function element(name: string, attributes: Readonly<Record<string, Value>>, content = ''): string {
  let text = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) text += ` ${key}="${typeof value === 'number' ? px(value) : escapeXml(value)}"`;
  }
  return content === '' ? `${text}/>` : `${text}>${content}</${name}>`;
}

export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  /** Degrees, about the place of the text. */
  readonly rotate?: number;
}

export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { size = 12, bold, fill = ink.text, anchor, rotate } = style;
  return element(
    'text',
    {
      x,
      y,
      'font-size': size,
      'font-weight': bold ? 'bold' : undefined,
      fill,
      'text-anchor': anchor === 'start' ? undefined : anchor,
      transform: rotate ? `rotate(${rotate} ${px(x)} ${px(y)})` : undefined,
    },
    escapeXml(content),
  );
}

/** The whole picture: white ground, one font family. `label` is what a screen reader says. */
export function picture(width: number, height: number, label: string, content: string): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${px(width)} ${px(height)}`,
      'font-family': `${fontFamily}, Verdana, sans-serif`,
      role: 'img',
      'aria-label': label,
    },
    element('rect', { width, height, fill: '#ffffff' }) + content,
  );
}

export function px(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return Object.is(rounded, -0) ? '0' : `${rounded}`;
}

/** Characters that XML forbids are dropped. */
export function escapeXml(value: string): string {
  return value
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
