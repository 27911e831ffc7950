import { totalmem } from "node:os";
import { expect, it } from "vitest";
import { freeMemory, openWorkerPool } from "#workers";
import double from "./fixtures/double-worker.ts";

it("runs a module's default function in worker threads on shared memory", async () => {
  const pool = openWorkerPool("./fixtures/double-worker", import.meta.url, {
    here: double,
    threads: 2,
  });
  const values = new Float64Array(new SharedArrayBuffer(16)).fill(3);
  await expect(pool.run({ values })).resolves.toBe(2);
  expect([...values]).toEqual([6, 6]);
  await expect(pool.run({ values, fail: true })).rejects.toThrow("It failed");
  await pool.close();
});

it("says how much memory is left, which is some and less than there is", () => {
  expect(freeMemory()).toBeGreaterThan(2 ** 20);
  expect(freeMemory()).toBeLessThan(totalmem());
});
