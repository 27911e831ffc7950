"""Grids of position embeddings resampled by PyTorch 1.13 as timm does it (timm/layers/pos_embed.py): bicubic, antialiased.

Writes positions.json beside this file: the values [1 + from, features], the first of them the class token's, and the result.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.manual_seed(5)
cases = []
for side, to in [(5, (3, 7)), (4, (9, 8)), (14, (4, 3)), (7, (7, 2))]:
    values = torch.tensor(torch.randn(1, 1 + side * side, 2).mul(1e4).round().div(1e4).tolist())
    token, grid = values[:, :1], values[:, 1:]
    grid = grid.reshape(1, side, side, 2).permute(0, 3, 1, 2)
    grid = F.interpolate(grid, size=to, mode="bicubic", antialias=True)
    result = torch.cat([token, grid.permute(0, 2, 3, 1).reshape(1, -1, 2)], 1)
    numbers = [[float(f"{one:.7g}") for one in of.flatten().tolist()] for of in (values, result)]
    cases.append({"from": [side, side], "to": to, "features": 2, "values": numbers[0], "result": numbers[1]})
text = json.dumps({"versions": {"torch": torch.__version__}, "cases": cases})
Path(__file__).with_name("positions.json").write_text(text + "\n")
