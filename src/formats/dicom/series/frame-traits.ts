// What sets a frame apart from others of its series, and what may order repeats of a slice.

import type { DataSet } from "../data-set/data-set.ts";
import { number, numbers, sequence, text, texts } from "../data-set/values.ts";
import { secondsOf, secondsOfDateTime } from "./date-time.ts";
import type { DicomFrame, Traits } from "./dicom-frame.ts";
import type { Diffusion } from "./diffusion.ts";
import { type PrivateTag, privateNumbers, privateText } from "./private-elements.ts";

const GE_COMPONENT: PrivateTag = { group: 0x0043, creator: "GEMS_PARM_01", element: 0x2f };
const PHILIPS_COMPONENT: PrivateTag = {
  group: 0x2005,
  creator: "Philips MR Imaging DD 001",
  element: 0x11,
};
const PHILIPS_PHASE: PrivateTag = {
  group: 0x2001,
  creator: "Philips Imaging DD 001",
  element: 0x08,
};
const SIEMENS_COIL: PrivateTag = { group: 0x0051, creator: "SIEMENS MR HEADER", element: 0x0f };

const GE_COMPONENTS = ["magnitude", "phase", "real", "imaginary"];

/**
 * What keeps frames in different volumes wherever they lie: the kind of image and its contrast.
 * @param dataSet an object of one frame, or a frame's merged view
 * @param own the vendor's item of a frame of an enhanced object (Philips (2005,xx0F)), where there is one
 */
export function traitsOf(dataSet: DataSet, own?: DataSet): Traits {
  const traits: Record<string, string | number | undefined> = {
    class: text(dataSet, "SOPClassUID"),
    "image type": imageType(dataSet).join("\\"),
    component: componentOf(dataSet, own),
    "frame of reference": text(dataSet, "FrameOfReferenceUID"),
    stack: text(dataSet, "StackID"),
    "echo time": number(dataSet, "EffectiveEchoTime") ?? number(dataSet, "EchoTime"),
    "echo number": number(dataSet, "EchoNumbers"),
    "inversion time": number(dataSet, "InversionTimes") ?? number(dataSet, "InversionTime"),
    "flip angle": number(dataSet, "FlipAngle"),
    "receive coil": text(dataSet, "ReceiveCoilName"),
    kernel: texts(dataSet, "ConvolutionKernel").join("\\") || undefined,
    kVp: number(dataSet, "KVP"),
    contrast: text(dataSet, "ContrastBolusAgent"),
    thickness: number(dataSet, "SliceThickness"),
    segment: segmentOf(dataSet),
    photometric: text(dataSet, "PhotometricInterpretation"),
  };
  const known = Object.entries(traits).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(known) as Traits;
}

/** Frame Type (0008,9007) of an enhanced object's frame, else Image Type (0008,0008). */
export function imageType(dataSet: DataSet): readonly string[] {
  const ofFrame = texts(dataSet, "FrameType");
  return ofFrame.length > 0 ? ofFrame : texts(dataSet, "ImageType");
}

/** "magnitude", "phase", "real" or "imaginary", as far as something other than the image type says it. */
function componentOf(dataSet: DataSet, own: DataSet | undefined): string | undefined {
  const ge = privateNumbers(dataSet, GE_COMPONENT, "SS")[0];
  return (
    text(dataSet, "ComplexImageComponent")?.toLowerCase() ??
    GE_COMPONENTS[ge] ??
    privateText(own ?? dataSet, PHILIPS_COMPONENT)
  );
}

function segmentOf(dataSet: DataSet): number | undefined {
  const [item] = sequence(dataSet, "SegmentIdentificationSequence");
  return number(item ?? dataSet, "ReferencedSegmentNumber");
}

/** What may tell repeats of one slice apart; see `ORDER_KEYS`. */
export function orderOf(
  dataSet: DataSet,
  { own, diffusion }: { own?: DataSet; diffusion?: Diffusion },
): DicomFrame["order"] {
  const order: Record<string, string | number | undefined> = {
    temporalPosition:
      number(dataSet, "TemporalPositionIndex") ?? number(dataSet, "TemporalPositionIdentifier"),
    diffusion: diffusion && diffusionKey(diffusion),
    velocity: velocityKey(dataSet),
    cardiacPhase:
      number(dataSet, 0x00209241) ?? privateNumbers(own ?? dataSet, PHILIPS_PHASE, "SL")[0],
    repetitionTime: number(dataSet, "RepetitionTime"),
    triggerTime:
      number(dataSet, "NominalCardiacTriggerDelayTime") ?? number(dataSet, "TriggerTime"),
    frameReferenceTime: number(dataSet, "FrameReferenceTime"),
    acquisitionNumber: number(dataSet, "AcquisitionNumber"),
    acquisitionTime: acquisitionSeconds(dataSet),
    coil: privateText(dataSet, SIEMENS_COIL),
    sequenceName: text(dataSet, "SequenceName"),
    contentTime: secondsOf(text(dataSet, "ContentDate"), text(dataSet, "ContentTime")),
  };
  const known = Object.entries(order).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as DicomFrame["order"];
}

/** When the frame was acquired, in seconds. */
export function acquisitionSeconds(dataSet: DataSet): number | undefined {
  return (
    secondsOfDateTime(text(dataSet, "FrameAcquisitionDateTime")) ??
    secondsOf(text(dataSet, "AcquisitionDate"), text(dataSet, "AcquisitionTime")) ??
    secondsOfDateTime(text(dataSet, "AcquisitionDateTime"))
  );
}

function diffusionKey({ bValue, gradient }: Diffusion): string {
  const direction = gradient?.map((part) => part.toFixed(4)).join(",") ?? "";
  return `${bValue.toFixed(1)} ${direction}`;
}

function velocityKey(dataSet: DataSet): string | undefined {
  const direction = numbers(dataSet, "VelocityEncodingDirection");
  if (direction.length !== 3) return undefined;
  const most = number(dataSet, "VelocityEncodingMaximumValue") ?? 0;
  return `${direction.map((part) => part.toFixed(3)).join(",")} ${most}`;
}
