import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { PenstockError } from '../../errors/index.js';
import { fontFamily } from './svg.js';

export interface PngOptions {
  /** Paths of TrueType files of the charts' font (regular and bold); default `bundledFontFiles()`. Fonts of the system are never used. */
  readonly fontFiles?: readonly string[] | undefined;
  /** Width of the picture in pixels; default twice the width of the SVG. */
  readonly width?: number | undefined;
}

/** The font files that come with the package. */
export function bundledFontFiles(): string[] {
  const { resolve } = createRequire(import.meta.url);
  return ['DejaVuSans', 'DejaVuSans-Bold'].map((name) => resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
}

/**
 * An SVG as PNG, byte-identical on every machine. Throws `evaluation/invalid` where the fonts cannot be used: without them
 * the renderer would leave out every text without a word.
 */
export function svgToPng(svg: string, options: PngOptions = {}): Uint8Array {
  const font = {
    fontFiles: [...(options.fontFiles ?? bundledFontFiles())],
    loadSystemFonts: false,
    defaultFontFamily: fontFamily,
    sansSerifFamily: fontFamily,
  };
  checkFont(font);
  const fitTo = options.width === undefined ? ({ mode: 'zoom', value: 2 } as const) : ({ mode: 'width', value: options.width } as const);
  return new Uint8Array(new Resvg(svg, { font, fitTo, background: '#ffffff' }).render().asPng());
}

const checked = new Set<string>();

/** A text drawn with the fonts must have an extent. */
function checkFont(font: { readonly fontFiles: string[]; readonly loadSystemFonts: boolean; readonly defaultFontFamily: string }): void {
  const key = font.fontFiles.join('\n');
  if (checked.has(key)) return;
  const probe = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text x="2" y="15" font-family="${fontFamily}" font-size="12">Mg</text></svg>`;
  const box = new Resvg(probe, { font }).getBBox();
  if (!box || !(box.width > 0)) {
    throw new PenstockError('evaluation/invalid', `no ${fontFamily} among the font files (${font.fontFiles.join(', ') || 'none given'}); pictures would lose their text`, { key: 'fontFiles' });
  }
  checked.add(key);
}
