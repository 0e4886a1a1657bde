import { PenstockError } from '../../../errors/index.js';
import { svgToPng } from '../svgToPng.js';
import type { CanvasMemory } from './canvas.js';
import { drawSvg } from './drawSvg.js';
import { encodePng } from './encodePng.js';
import { openFont } from './trueType.js';

/** An SVG as PNG of some width in pixels. */
export type PngRenderer = (svg: string, width: number) => Uint8Array;

/**
 * A renderer for charts by the hundred, such as those of series: it reads the fonts once and knows only what they consist of, which takes
 * a tenth of the time of `svgToPng`. What it does not know it leaves to that. `files` are the bytes of the regular and the bold font.
 */
export function openPngRenderer([regular, bold]: readonly Uint8Array[]): PngRenderer {
  if (!regular || !bold) throw new PenstockError('evaluation/invalid', 'pictures need a regular and a bold font', { key: 'fontFiles' });
  const fonts = { regular: openFont(regular), bold: openFont(bold) };
  const memory: CanvasMemory = { rows: new Uint8Array(0), areas: new Float32Array(0) };
  return (svg, width) => {
    const drawn = drawSvg(svg, width, fonts, memory);
    return drawn ? encodePng(drawn) : svgToPng(svg, { width });
  };
}
