// What MedMNIST's files leave unsaid: names of classes, and which labels are findings or grades.
// Yang et al., "MedMNIST v2", Scientific Data 10:41 (2023), and `medmnist/info.py` of its release.

/** Names of the labels in the order of their numbers, and what kind of labels they are. */
export interface KnownArrays {
  readonly kind: "classes" | "grades" | "labels";
  readonly names: readonly string[];
}

const ORGANS =
  "bladder|femur-left|femur-right|heart|kidney-left|kidney-right|liver|lung-left|lung-right|pancreas|spleen";

const CLASSES: Readonly<Record<string, string>> = {
  pathmnist:
    "adipose|background|debris|lymphocytes|mucus|smooth muscle|normal colon mucosa|cancer-associated stroma|colorectal adenocarcinoma epithelium",
  dermamnist:
    "actinic keratoses and intraepithelial carcinoma|basal cell carcinoma|benign keratosis-like lesions|dermatofibroma|melanoma|melanocytic nevi|vascular lesions",
  octmnist: "choroidal neovascularization|diabetic macular edema|drusen|normal",
  pneumoniamnist: "normal|pneumonia",
  breastmnist: "malignant|normal, benign",
  bloodmnist:
    "basophil|eosinophil|erythroblast|immature granulocytes|lymphocyte|monocyte|neutrophil|platelet",
  tissuemnist:
    "collecting duct, connecting tubule|distal convoluted tubule|glomerular endothelial cells|interstitial endothelial cells|leukocytes|podocytes|proximal tubule segments|thick ascending limb",
  organamnist: ORGANS,
  organcmnist: ORGANS,
  organsmnist: ORGANS,
  organmnist3d:
    "liver|kidney-right|kidney-left|femur-right|femur-left|bladder|heart|lung-right|lung-left|spleen|pancreas",
  nodulemnist3d: "benign|malignant",
  adrenalmnist3d: "normal|hyperplasia",
  fracturemnist3d: "buckle rib fracture|nondisplaced rib fracture|displaced rib fracture",
  vesselmnist3d: "vessel|aneurysm",
  synapsemnist3d: "inhibitory synapse|excitatory synapse",
};

const CHEST =
  "atelectasis|cardiomegaly|effusion|infiltration|mass|nodule|pneumonia|pneumothorax|consolidation|edema|emphysema|fibrosis|pleural|hernia";

/** By the file's name, with or without its size: "pathmnist.npz", "pathmnist_128.npz". */
export function knownArrays(path: string): KnownArrays | undefined {
  const name = /([a-z]+mnist(?:3d)?)(?:_\d+)?\.npz$/i.exec(path)?.[1].toLowerCase();
  if (name === undefined) return undefined;
  if (name === "chestmnist") return { kind: "labels", names: CHEST.split("|") };
  if (name === "retinamnist") return { kind: "grades", names: ["0", "1", "2", "3", "4"] };
  const classes = CLASSES[name];
  return classes === undefined ? undefined : { kind: "classes", names: classes.split("|") };
}
