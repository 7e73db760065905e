import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InputError } from '@alignsts/signal';
import { Resvg } from '@resvg/resvg-js';

/** Scripts that DejaVu Sans has no letters for: only for these are the machine's own fonts asked, so that all other pictures come out the same everywhere. */
const BEYOND_DEJAVU =
  /[\u0900-\u0DFF\u0E00-\u0E7F\u0F00-\u109F\u1100-\u11FF\u1780-\u17FF\u2E80-\uA4CF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFFEF\u{20000}-\u{3FFFF}]/u;

const WIDEST = 8192;

/**
 * An SVG as PNG bytes, `width` pixels wide, drawn with the DejaVu fonts that come with the package, so that it works on machines without fonts.
 * Throws `InputError` when the SVG cannot be read or the width is no whole number from 1 to 8192.
 */
export function svgToPng(svg: string, { width }: { width: number }): Uint8Array {
  if (!(Number.isInteger(width) && width >= 1 && width <= WIDEST)) {
    throw new InputError(
      `The picture's width is ${width} pixels but must be a whole number from 1 to ${WIDEST}. 1200 suits a screen, 2400 print.`,
    );
  }
  const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  let drawing: Resvg;
  try {
    drawing = new Resvg(svg, {
      fitTo: { mode: 'width', value: width },
      font: {
        fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSans-Oblique.ttf', 'DejaVuSansMono.ttf'].map((name) =>
          join(fonts, name),
        ),
        loadSystemFonts: BEYOND_DEJAVU.test(svg),
        defaultFontFamily: 'DejaVu Sans',
        sansSerifFamily: 'DejaVu Sans',
        monospaceFamily: 'DejaVu Sans Mono',
      },
    });
  } catch (error) {
    throw new InputError(`The picture is not an SVG that can be drawn: ${error instanceof Error ? error.message : String(error)}.`);
  }
  return drawing.render().asPng();
}
