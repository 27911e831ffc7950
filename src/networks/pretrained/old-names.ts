// Names that weights had when they were published, where the implementation has renamed its layers since.

const WORDS: Readonly<Record<string, string>> = {
  kernel: "weight",
  depthwise_kernel: "weight",
  gamma: "weight",
  bias: "bias",
  beta: "bias",
  moving_mean: "running_mean",
  moving_variance: "running_var",
};

/** The parameter's name of today, for a weight with one of old; undefined for all others. */
export function oldNames(weight: string): string | undefined {
  return denseNetName(weight) ?? mobileNetName(weight);
}

/** Torchvision before 0.2.1 had a dot in "norm.1" (torchvision/models/densenet.py, _load_state_dict). */
function denseNetName(weight: string): string | undefined {
  const name = weight.replace(/(denselayer\d+\.(?:norm|conv))\.([12])\./, "$1$2.");
  return name === weight ? undefined : name;
}

/** Keras 2 had slashes in "expanded_conv/depthwise/BatchNorm", which Keras 3 calls "expanded_conv_depthwise_bn". */
function mobileNetName(weight: string): string | undefined {
  const found = /^((?:Conv|Logits|expanded_conv)[\w/]*?)\/(?:\1\/)?(\w+?)(?::0)?$/.exec(weight);
  const word = found && WORDS[found[2]];
  if (!word) return undefined;
  const layer = found[1]
    .toLowerCase()
    .replace(/\/batchnorm$/, "_bn")
    .replaceAll("/", "_");
  return `${layer}.${word}`;
}
