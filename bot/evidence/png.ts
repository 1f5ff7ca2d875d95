import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';

/** Twice the SVG's width: sharp on dense screens, and still small. */
const scale = 2;

const fonts = [import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'), import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')];

/** With fonts of its own: the same on every machine, also on those that have none. */
export function pngOf(svg: string): Uint8Array<ArrayBuffer> {
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: fonts.map((url) => fileURLToPath(url)),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  });
  return new Uint8Array(picture.render().asPng());
}
