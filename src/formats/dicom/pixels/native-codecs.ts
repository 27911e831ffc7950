// The compiled decoders for JPEG, JPEG-LS, JPEG 2000 and JPEG XL: dcmjs-codecs (WebAssembly of libijg, CharLS,
// OpenJPEG, OpenJPH, libjxl).

import type { Context as CodecContext, NativeCodecs } from "dcmjs-codecs";
import { codecBytes } from "#codecs";

/** Families of transfer syntaxes that the compiled decoders take. */
export type CompiledFamily =
  | "jpeg"
  | "jpeg-lossless"
  | "jpeg-ls"
  | "jpeg-2000"
  | "htj2k"
  | "jpeg-xl";

/** What a decoder must be told of a frame. */
export interface CodedFrame {
  readonly columns: number;
  readonly rows: number;
  readonly samples: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly photometric: string;
}

export interface DecodedBytes {
  /** Little-endian cells. */
  readonly bytes: Uint8Array;
  readonly planar: boolean;
  readonly bitsAllocated: number;
}

interface Codecs {
  readonly Context: typeof CodecContext;
  readonly native: typeof NativeCodecs;
}

let loaded: Codecs | undefined;

/**
 * Decodes one frame in this thread.
 * @param wasm path (Node) or URL (browser) of dcmjs-native-codecs.wasm, where it is elsewhere than `codecBytes` looks
 * @throws what the decoder throws; it is loaded anew for the next frame, since its memory may be in disorder
 */
export async function decodeCompiled(
  family: CompiledFamily,
  encoded: Uint8Array,
  frame: CodedFrame,
  wasm?: string,
): Promise<DecodedBytes> {
  const { Context, native } = await loadDecoders(wasm);
  const context = new Context({
    width: frame.columns,
    height: frame.rows,
    bitsAllocated: frame.bitsAllocated,
    bitsStored: frame.bitsStored,
    samplesPerPixel: frame.samples,
    pixelRepresentation: frame.signed ? 1 : 0,
    planarConfiguration: 0,
    photometricInterpretation: frame.photometric,
    encodedBuffer: encoded,
  });
  try {
    const decoded = decodersOf(native)[family](context);
    return {
      bytes: decoded.getDecodedBuffer() ?? new Uint8Array(0),
      planar: decoded.getPlanarConfiguration() === 1,
      bitsAllocated: decoded.getBitsAllocated() ?? frame.bitsAllocated,
    };
  } catch (cause) {
    loaded = undefined;
    throw cause;
  }
}

/**
 * Loads the decoders, unless they are loaded in this thread.
 * @throws RoentgenError where their file is not found
 */
export async function loadDecoders(wasm?: string): Promise<Codecs> {
  loaded ??= await load(wasm);
  return loaded;
}

function decodersOf(
  native: typeof NativeCodecs,
): Record<CompiledFamily, (context: CodecContext) => CodecContext> {
  return {
    jpeg: (context) => native.decodeJpeg(context, { convertColorspaceToRgb: false }),
    "jpeg-lossless": (context) => native.decodeJpeg(context, { convertColorspaceToRgb: false }),
    "jpeg-ls": (context) => native.decodeJpegLs(context),
    "jpeg-2000": (context) => native.decodeJpeg2000(context),
    htj2k: (context) => native.decodeHtJpeg2000(context),
    "jpeg-xl": (context) => native.decodeJpegXl(context),
  };
}

/** Kept, as decoders are loaded anew after every frame that they refuse. */
let bytes: Promise<Uint8Array> | undefined;

async function load(wasm: string | undefined): Promise<Codecs> {
  const { default: codecs } = await import("dcmjs-codecs");
  codecs.log.setLevel("silent");
  // The package itself looks for its file by eval, which a page's policy may forbid.
  class Native extends codecs.NativeCodecs {
    static _getWebAssemblyBytes(): Promise<Uint8Array> {
      bytes ??= codecBytes(wasm);
      return bytes;
    }
  }
  try {
    await Native.initializeAsync();
  } catch (cause) {
    bytes = undefined;
    throw cause;
  }
  return { Context: codecs.Context, native: Native };
}
