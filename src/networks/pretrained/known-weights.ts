// Files of published weights: what they are of, where they come from, and the hashes by which they are told. Facts from
// keras/src/applications/*.py (Keras 3), torchvision/models (0.14 to main, whose file names carry the first eight digits of
// their SHA-256), torchxrayvision/models.py and the model cards of timm.

import type { ReferenceName } from "../architectures/architecture.ts";

/** A file of published weights. */
export interface KnownWeights {
  /** Its name, by which it is found in the weights folder. */
  readonly file: string;
  readonly architecture: string;
  readonly reference: ReferenceName;
  /** Whether the layers that give the classes are in it. */
  readonly hasTop: boolean;
  readonly trainedOn: string;
  readonly url: string;
  readonly md5?: string;
  /** All of it, or its first digits. */
  readonly sha256?: string;
  /** As its publisher states it for the weights. */
  readonly licence?: string;
}

const KERAS = "https://storage.googleapis.com/tensorflow/keras-applications";
const TORCHVISION = "https://download.pytorch.org/models";
const XRAYVISION = "https://github.com/mlmed/torchxrayvision/releases/download/v1";
const TIMM = "https://huggingface.co/timm";
const shared = { trainedOn: "ImageNet-1k" } as const;

/** As keras.applications states them in its documentation. */
const kerasLicences: Readonly<Record<string, string>> = {
  vgg16: "Creative Commons Attribution (Visual Geometry Group, Oxford)",
  vgg19: "Creative Commons Attribution (Visual Geometry Group, Oxford)",
  resnet50: "MIT (Kaiming He)",
  resnet101: "MIT (Kaiming He)",
  densenet121: "BSD-3-Clause (Torch)",
};

/** MD5 with the top and without. */
const kerasHashes: Readonly<Record<string, readonly [string, string]>> = {
  vgg16: ["64373286793e3c8b2b4e3219cbf3544b", "6d6bbae143d832006294945121d1f1fc"],
  vgg19: ["cbe5617147190e668d6c5d5026f83318", "253f8cb515780f3b799900260a226db6"],
  resnet50: ["2cb95161c43110f7111970584f804107", "4d473c1dd8becc155b73f8504c6f6626"],
  resnet101: ["f1aeb4b969a6efcfb50fad2f0c20cfc5", "88cf7a10940856eca736dc7b7e228a21"],
  densenet121: ["9d60b8095a5708f2dcce2bca79d332c7", "30ee3e1110167f948a6b9946edeeb738"],
};

const efficientnetHashes: readonly (readonly [string, string])[] = [
  ["902e53a9f72be733fc0bcb005b3ebbac", "50bc09e76180e00e4465e1a485ddc09d"],
  ["1d254153d4ab51201f1646940f018540", "74c4e6b3e1f6a1eea24c589628592432"],
  ["b15cce36ff4dcbd00b6dd88e7857a6ad", "111f8e2ac8aa800a7a99e3239f7bfb39"],
  ["ffd1fdc53d0ce67064dc6a9c7960ede0", "af6d107764bb5b1abb91932881670226"],
];

const mobilenetHashes: Readonly<Record<string, readonly [string, string]>> = {
  large: ["59e551e166be033d707958cf9e29a6a7", "07fb09a5933dd0c8eaafa16978110389"],
  small: ["8768d4c2e7dee89b9d02b2d03d65d862", "d3e8ec802a04aa4fc771ee12a9a9b836"],
};

/** Names without ".pth", by architecture; the digits at their end are the hash. */
const torchvisionNames: Readonly<Record<string, readonly string[]>> = {
  vgg16: ["vgg16-397923af"],
  vgg19: ["vgg19-dcbb9e9d"],
  resnet18: ["resnet18-f37072fd", "resnet18-5c106cde"],
  resnet34: ["resnet34-b627a593", "resnet34-333f7ec4"],
  resnet50: ["resnet50-11ad3fa6", "resnet50-0676ba61", "resnet50-19c8e357"],
  resnet101: ["resnet101-cd907fc2", "resnet101-63fe2227", "resnet101-5d3b4d8f"],
  densenet121: ["densenet121-a639ec97"],
  efficientnet_b0: ["efficientnet_b0_rwightman-7f5810bc", "efficientnet_b0_rwightman-3dd342df"],
  efficientnet_b1: [
    "efficientnet_b1-c27df63c",
    "efficientnet_b1_rwightman-bac287d4",
    "efficientnet_b1_rwightman-533bc792",
  ],
  efficientnet_b2: ["efficientnet_b2_rwightman-c35c1473", "efficientnet_b2_rwightman-bcdf34b7"],
  efficientnet_b3: ["efficientnet_b3_rwightman-b3899882", "efficientnet_b3_rwightman-cf984f9c"],
  mobilenet_v3_large: ["mobilenet_v3_large-5c1a4163", "mobilenet_v3_large-8738ca79"],
  mobilenet_v3_small: ["mobilenet_v3_small-047dcff4"],
  convnext_tiny: ["convnext_tiny-983f1562"],
};

/** What chest X-rays each of torchxrayvision's networks saw. */
const xrayvisionData: Readonly<Record<string, string>> = {
  "nih-pc-chex-mimic_ch-google-openi-kaggle":
    "chest X-rays of NIH, PadChest, CheXpert, MIMIC-CXR, Google, OpenI and RSNA",
  nih: "chest X-rays of NIH",
  pc: "chest X-rays of PadChest",
  chex: "chest X-rays of CheXpert",
  kaggle: "chest X-rays of RSNA's pneumonia challenge",
  mimic_nb: "chest X-rays of MIMIC-CXR (NegBio labels)",
  mimic_ch: "chest X-rays of MIMIC-CXR (CheXpert labels)",
};

/** Models of timm on the Hugging Face hub; their files are all called model.safetensors there. */
const timmModels: Readonly<Record<string, readonly string[]>> = {
  vit_s16: ["vit_small_patch16_224.augreg_in21k_ft_in1k", "vit_small_patch16_224.augreg_in1k"],
};

/** All that are known. */
export const knownWeights: readonly KnownWeights[] = [
  ...Object.entries(kerasHashes).flatMap(([name, hashes]) => kerasPair(name, hashes)),
  ...efficientnetHashes.flatMap(efficientnetPair),
  ...Object.entries(mobilenetHashes).flatMap(([size, hashes]) => mobilenetPair(size, hashes)),
  ...Object.entries(torchvisionNames).flatMap(([name, files]) =>
    files.map((file) => torchvisionFile(name, file)),
  ),
  {
    ...torchvisionFile("resnet3d_18", "r3d_18-b3b3357e"),
    trainedOn: "Kinetics-400 (videos)",
  },
  ...Object.entries(xrayvisionData).map(([start, trainedOn]) => xrayvisionFile(start, trainedOn)),
  ...Object.entries(timmModels).flatMap(([name, models]) =>
    models.map((model) => timmFile(name, model)),
  ),
];

function kerasPair(architecture: string, hashes: readonly [string, string]): KnownWeights[] {
  const folder = architecture.startsWith("resnet") ? "resnet" : architecture.replace(/121$/, "");
  const licence = kerasLicences[architecture];
  return withAndWithoutTop(hashes, (ending) => {
    const file = `${architecture}_weights_tf_dim_ordering_tf_kernels${ending}.h5`;
    return { ...shared, file, architecture, url: `${KERAS}/${folder}/${file}`, licence };
  });
}

function efficientnetPair(hashes: readonly [string, string], size: number): KnownWeights[] {
  return withAndWithoutTop(hashes, (ending) => {
    const file = `efficientnetb${size}${ending}.h5`;
    const url = `https://storage.googleapis.com/keras-applications/${file}`;
    return { ...shared, file, url, architecture: `efficientnet_b${size}` };
  });
}

function mobilenetPair(size: string, hashes: readonly [string, string]): KnownWeights[] {
  return withAndWithoutTop(hashes, (ending) => {
    const middle = ending === "" ? "" : "_no_top_v2";
    const file = `weights_mobilenet_v3_${size}_224_1.0_float${middle}.h5`;
    const url = `${KERAS}/mobilenet_v3/${file}`;
    return { ...shared, file, url, architecture: `mobilenet_v3_${size}` };
  });
}

function withAndWithoutTop(
  [whole, body]: readonly [string, string],
  make: (ending: "" | "_notop") => Omit<KnownWeights, "md5" | "hasTop" | "reference">,
): KnownWeights[] {
  const reference = "keras" as const;
  return [
    { ...make(""), reference, hasTop: true, md5: whole },
    { ...make("_notop"), reference, hasTop: false, md5: body },
  ];
}

function torchvisionFile(architecture: string, name: string): KnownWeights {
  const file = `${name}.pth`;
  return {
    ...shared,
    ...{ file, architecture, reference: "torchvision", hasTop: true },
    ...{ url: `${TORCHVISION}/${file}`, sha256: name.slice(-8) },
  };
}

function xrayvisionFile(start: string, trainedOn: string): KnownWeights {
  const file = `${start}-densenet121-d121-tw-lr001-rot45-tr15-sc15-seed0-best.pt`;
  return {
    ...{ file, architecture: "densenet121", reference: "torchxrayvision", hasTop: true },
    ...{ trainedOn, url: `${XRAYVISION}/${file}` },
  };
}

function timmFile(architecture: string, model: string): KnownWeights {
  return {
    ...shared,
    ...{ file: `${model}.safetensors`, architecture, reference: "timm", hasTop: true },
    ...{ url: `${TIMM}/${model}/resolve/main/model.safetensors`, licence: "Apache-2.0" },
  };
}
