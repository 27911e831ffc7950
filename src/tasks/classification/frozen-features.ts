// What a frozen backbone makes of the images learnt from: computed once for all networks of a training, and kept in a file
// that an interrupted training goes on with.

import type { WorkOptions } from "../../base/index.ts";
import type { ImageFold } from "../../datasets/index.ts";
import { type FeatureSource, featureSource, type SampleSource } from "../../networks/index.ts";
import type { Device, OnnxModel } from "../../onnx/index.ts";
import { resumableFiles, stageFolder } from "./resumable.ts";

/** The sides that a network learns from, as features. */
export interface FeatureSides {
  readonly data: SampleSource;
  readonly validation: SampleSource;
}

export interface FrozenFeatures {
  /**
   * Features of a fold's images; the first call in a stage computes those of all. What is frozen in a stage is the same in all
   * networks: it was never trained in any.
   */
  sides(
    backbone: OnnxModel,
    of: { readonly fold: ImageFold; readonly stage: number },
  ): Promise<FeatureSides>;
  close(): Promise<void>;
}

export interface FrozenFeaturesOptions extends WorkOptions {
  /** Samples of the data set that are learnt from, ascending. */
  rows: Uint32Array;
  /** Opens those samples as the backbone takes them. */
  open: () => SampleSource & { close(): Promise<void> };
  /** For the file of each stage. */
  folder: string;
  /** What the samples are. */
  fingerprint: string;
  device?: Device;
}

/** Opens nothing yet: where no backbone is frozen nothing is computed. */
export function frozenFeatures({
  rows,
  open,
  folder,
  fingerprint,
  ...work
}: FrozenFeaturesOptions): FrozenFeatures {
  const stages = new Map<number, Promise<FeatureSource>>();
  const compute = async (backbone: OnnxModel, stage: number) => {
    const source = open();
    const path = `${stage === 1 ? folder : stageFolder(folder, stage)}/${resumableFiles.features}`;
    try {
      return await featureSource(backbone, source, { file: { path, fingerprint }, ...work });
    } finally {
      await source.close();
    }
  };
  const places = new Map(Array.from(rows, (row, place) => [row, place]));
  const some = (features: FeatureSource, samples: Uint32Array): SampleSource => {
    const own = samples.map((row) => places.get(row) as number);
    return {
      count: own.length,
      load: (indices, draw) =>
        features.load(
          indices.map((at) => own[at]),
          draw,
        ),
    };
  };
  return {
    async sides(backbone, { fold, stage }) {
      const all = stages.get(stage) ?? compute(backbone, stage);
      stages.set(stage, all);
      const features = await all;
      return { data: some(features, fold.train), validation: some(features, fold.validation) };
    },
    async close() {
      for (const one of await Promise.allSettled(stages.values())) {
        if (one.status === "fulfilled") await one.value.close();
      }
    },
  };
}
