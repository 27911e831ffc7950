// Shapes of recurrent networks.

import type { ShapeRule, ShapeRules } from "./rule.ts";

/** RNN, GRU, LSTM: all steps, then the last state (and with LSTM the last cell). */
const recurrent: ShapeRule = (node) => {
  const [x, recurrence] = [node.input(0), node.input(2)];
  const type = x?.type;
  if (!type) return [];
  const directions = node.text("direction", "forward") === "bidirectional" ? 2 : 1;
  const hidden = node.has("hidden_size") ? node.int("hidden_size", 1) : recurrence?.shape?.[2];
  if (!x?.shape || hidden === undefined) return [{ type }, { type }, { type }];
  const isBatchFirst = node.int("layout", 0) === 1;
  const [steps, batch] = isBatchFirst ? [x.shape[1], x.shape[0]] : x.shape;
  const all = isBatchFirst
    ? [batch, steps, directions, hidden]
    : [steps, directions, batch, hidden];
  const last = isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
  return [
    { type, shape: all },
    { type, shape: last },
    { type, shape: last },
  ];
};

/** Rules by operator. */
export const recurrentShapes: ShapeRules = { RNN: recurrent, GRU: recurrent, LSTM: recurrent };
