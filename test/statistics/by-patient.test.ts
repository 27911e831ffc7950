import { describe, expect, it } from "vitest";
import { byPatient } from "../../src/statistics/index.ts";

const groups = [7, 3, 7, 3, 9];

describe("byPatient", () => {
  it("takes the mean of probabilities, or the greatest of the positive class", () => {
    const images = { probabilities: [0.9, 0.1, 0.5, 0.5, 0.3, 0.7, 0.1, 0.9, 0.8, 0.2], groups };
    const mean = byPatient(images, { columns: 2, kind: "classes" });
    expect([...mean.groups]).toEqual([7, 3, 9]);
    expect([...mean.images]).toEqual([2, 2, 1]);
    expect([...mean.probabilities]).toEqual(
      [0.6, 0.4, 0.3, 0.7, 0.8, 0.2].map((p) => expect.closeTo(p, 12)),
    );
    const most = byPatient(images, { columns: 2, kind: "classes", combine: "max" });
    expect([...most.probabilities]).toEqual(
      [0.3, 0.7, 0.1, 0.9, 0.8, 0.2].map((p) => expect.closeTo(p, 12)),
    );
  });

  it("makes the greatest of several classes add up to 1", () => {
    const images = { probabilities: [0.8, 0.1, 0.1, 0.2, 0.6, 0.2], groups: [1, 1] };
    const { probabilities } = byPatient(images, { columns: 3, kind: "classes", combine: "max" });
    expect([...probabilities]).toEqual([0.5, 0.375, 0.125].map((p) => expect.closeTo(p, 12)));
  });

  it("finds a label in a patient if in any image, and knows what is unknown", () => {
    const truth = [1, 0, 0, 0, Number.NaN, 0, 0, Number.NaN, 0, 0];
    const probabilities = truth.map((_, pair) => pair / 10);
    const options = { columns: 2, kind: "labels", combine: "max" } as const;
    const patients = byPatient({ probabilities, groups, truth }, options);
    expect([...(patients.truth ?? [])]).toEqual([1, 0, 0, Number.NaN, 0, 0]);
    expect([...patients.probabilities]).toEqual([0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
  });

  it("refuses images of one patient with several classes, or takes the highest", () => {
    const images = {
      probabilities: [0, 1, 0, 1, 1, 0, 1, 0, 1, 0],
      groups,
      labels: [0, 1, 1, 1, 0],
    };
    const options = { columns: 2, kind: "classes" } as const;
    expect(() => byPatient(images, options)).toThrow(
      /one class for all.*several for 1 of 3 patients/,
    );
    expect([...(byPatient(images, { ...options, classes: "highest" }).labels ?? [])]).toEqual([
      1, 1, 0,
    ]);
    const alike = { ...images, labels: [0, 1, 0, 1, 0] };
    expect([...(byPatient(alike, options).labels ?? [])]).toEqual([0, 1, 0]);
  });

  it("refuses what does not fit", () => {
    const options = { columns: 2, kind: "classes" } as const;
    expect(() => byPatient({ probabilities: [1], groups: [1] }, options)).toThrow(/1 rows of 2/);
    expect(() => byPatient({ probabilities: [2, 0], groups: [1] }, options)).toThrow(/\[0, 1\]/);
    const images = { probabilities: [0, 1], groups: [1] };
    expect(() => byPatient({ ...images, labels: [2] }, options)).toThrow(/0 … 1/);
    expect(() => byPatient({ ...images, truth: [1] }, options)).toThrow(/1 rows of 2/);
  });
});
