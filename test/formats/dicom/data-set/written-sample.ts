// A data set with every value representation, which expected/make-written.py reads with pydicom and dcmdump.

import type { DataSet } from "../../../../src/formats/dicom/data-set/data-set.ts";
import { dicomUid } from "../../../../src/formats/dicom/data-set/dicom-uid.ts";
import { makeDataSet } from "../../../../src/formats/dicom/data-set/make-data-set.ts";
import { writeDicom } from "../../../../src/formats/dicom/data-set/write-dicom.ts";
import { joinBytes } from "../../../../src/formats/elements/join-bytes.ts";

const uid = (purpose: string) => dicomUid({ seed: 7, purpose });

export function sampleDataSet(): DataSet {
  return makeDataSet({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.7",
    SOPInstanceUID: uid("instance"),
    StudyInstanceUID: uid("study"),
    SeriesInstanceUID: uid("series"),
    RetrieveAETitle: ["ROENTGEN", "OTHER AE"],
    PatientAge: "045Y",
    FrameIncrementPointer: [0x00181063, 0x00181065],
    ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    StudyDate: "20261123",
    PixelSpacing: [1 / 3, 0.1234567890123456],
    SliceThickness: -1.5e-7,
    AcquisitionDateTime: "20261123101112.123456+0100",
    EventTimeOffset: 0.1,
    ExaminedBodyThickness: 1.25,
    NumberOfFrames: 1,
    SeriesNumber: -2147483648,
    StudyDescription: "Größe, 大きさ",
    AdditionalPatientHistory: " two lines\r\nwith \\ and 漢字",
    ExtendedOffsetTable: null,
    PatientName: "Yamada^Tarou=山田^太郎=やまだ^たろう",
    OperatorsName: ["Doe^Jane^^Dr.", "Müller^Jörg"],
    AccessionNumber: "é16",
    RegionLocationMinX0: 4294967295,
    ReferencePixelX0: -123456,
    SmallestImagePixelValue: -5,
    PixelRepresentation: 1,
    DetectorDescription: "text\\one",
    SelectorSVValue: [-(2n ** 63n), 2n ** 53n],
    SelectorUVValue: [2n ** 63n, 1n],
    SelectorOLValue: Uint32Array.of(1, 0xfffffffe),
    SelectorODValue: Float64Array.of(0.1, -1e300),
    SelectorOFValue: Float32Array.of(0.1, -1e30),
    SelectorOVValue: BigUint64Array.of(1n, 2n ** 64n - 1n),
    SelectorUNValue: Uint8Array.of(1, 2, 3),
    StudyTime: "101112.12",
    LongCodeValue: "  a long code whose leading spaces count",
    URNCodeValue: "https://example.org/a?b=c",
    StrainDescription: "one",
    InstitutionAddress: "Straße 1\\2",
    EncapsulatedDocument: Uint8Array.of(1, 2, 3),
    LabelText: "any text \\ ü",
    PerformedProcedureStepDescription: "",
    ReferencedSeriesSequence: [
      {},
      {
        SeriesInstanceUID: uid("other"),
        ReferencedInstanceSequence: [{ ReferencedSOPInstanceUID: "1.2" }],
      },
    ],
    589840: "ROENTGEN TEST",
    593921: { vr: "FD", value: [1.5, -2] },
    593922: { vr: "SQ", value: [{ PatientID: "nested" }] },
    OverlayRows: 2,
    OverlayData: Uint8Array.of(1, 0),
    Rows: 2,
    Columns: 3,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelData: Int16Array.of(1, -2, 3, -4, 32767, -32768),
  });
}

const FRAMES = [[Uint8Array.of(1, 2, 3)], [Uint8Array.of(4, 5), Uint8Array.of(6, 7, 8, 9)]];

/** File name to its bytes: the sample in every syntax that data sets are written in. */
export function sampleFiles(): Record<string, Uint8Array> {
  const dataSet = sampleDataSet();
  const write = (transferSyntax: string) => joinBytes(writeDicom(dataSet, { transferSyntax }));
  return {
    "explicit.dcm": write("1.2.840.10008.1.2.1"),
    "implicit.dcm": write("1.2.840.10008.1.2"),
    "big-endian.dcm": write("1.2.840.10008.1.2.2"),
    "deflated.dcm": write("1.2.840.10008.1.2.1.99"),
    "encapsulated.dcm": joinBytes(
      writeDicom(dataSet, { transferSyntax: "1.2.840.10008.1.2.4.80", frames: FRAMES }),
    ),
  };
}
