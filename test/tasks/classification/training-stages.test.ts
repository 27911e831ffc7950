import { describe, expect, it } from "vitest";
import {
  addHead,
  buildArchitecture,
  classificationHead,
  parametersOf,
} from "../../../src/networks/index.ts";
import {
  countTrained,
  type TrainingStage,
  trainingStages,
} from "../../../src/tasks/classification/training-stages.ts";

const body = buildArchitecture("compact", { input: [1, 32, 32], includeTop: false, seed: 1 });
const head = classificationHead({ outputs: 3, hidden: 8 });
const network = addHead(body, { head, seed: 1 });
const features = new Set(parametersOf(body).map(({ name }) => name));
const usual = { freeze: [] as string[], batchNorm: "auto" } as const;

const stagesOf = (settings: object, isPretrained = true) =>
  trainingStages({ network, features, isPretrained }, { ...usual, ...settings });
const trained = ({ trainable = () => true }: TrainingStage) =>
  parametersOf(network)
    .filter(({ name, learnable }) => learnable && trainable(name))
    .map(({ name }) => name);
const countAll = (of: typeof network) =>
  countTrained(of, { ...stagesOf({}, false)[0], trainable: undefined });

describe("trainingStages", () => {
  it("trains all at once from scratch, by the statistics of the batch", () => {
    const stages = stagesOf({}, false);
    expect(stages).toMatchObject([{ title: "all", frozenStatistics: false, isFine: false }]);
    expect(stages[0].trainable).toBeUndefined();
  });

  it("trains a new head first and then all of a pretrained network", () => {
    const [first, second, ...more] = stagesOf({});
    expect(more).toEqual([]);
    expect(trained(first).some((name) => features.has(name))).toBe(false);
    expect(countTrained(network, first)).toBe(countAll(network) - countAll(body));
    expect(countTrained(network, second)).toBe(countAll(network));
    expect(first).toMatchObject({ isHeadAlone: true, isFine: false, frozenStatistics: true });
    expect(second).toMatchObject({ isHeadAlone: false, isFine: true, frozenStatistics: true });
  });

  it("lets one part after another go, each with all that was let go before", () => {
    const stages = stagesOf({ unfreeze: 4 });
    expect(stages).toHaveLength(4);
    const sets = stages.map((stage) => new Set(trained(stage)));
    for (const [at, set] of sets.slice(1).entries()) {
      expect(set.size).toBeGreaterThan(sets[at].size);
      for (const name of sets[at]) expect(set).toContain(name);
    }
    expect(sets[3].size).toBe(trained({ ...stages[3], trainable: undefined }).length);
    const rates = stages[3].groups.map(({ rate }) => rate as number);
    expect(rates[0]).toBe(1);
    expect(rates).toEqual(rates.toSorted((a, b) => b - a));
    const shares = stages.slice(1).reduce((sum, { share }) => sum + share, 0);
    expect(shares).toBeCloseTo(1);
  });

  it("keeps what is frozen by name frozen in every stage", () => {
    const stages = stagesOf({ freeze: ["stem.conv"] });
    expect(stages).toHaveLength(2);
    for (const stage of stages) expect(trained(stage)).not.toContain("stem.conv.weight");
    expect(trained(stages[1])).toContain("stem.norm.weight");
  });

  it("trains the head alone where the features are frozen, unless they are to be let go", () => {
    expect(stagesOf({ freeze: ["features"] })).toMatchObject([{ isHeadAlone: true }]);
    expect(stagesOf({ freeze: ["features"], unfreeze: 3 })).toHaveLength(3);
  });

  it.each([
    ["frozen", true],
    ["moving", "with-layer"],
  ] as const)("has statistics of batch normalisation %s where that is asked", (batchNorm, how) => {
    expect(stagesOf({ batchNorm })[1].frozenStatistics).toBe(how);
    expect(stagesOf({ batchNorm }, false)[0].frozenStatistics).toBe(how);
  });

  it("names layers that are not there", () => {
    expect(() => stagesOf({ freeze: ["nowhere"] })).toThrow(/"nowhere"/);
  });
});
