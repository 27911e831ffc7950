"""Log bias fields that ITK's own N4 finds, for n4.test.ts.

Build the program first (Debian: libinsighttoolkit5-dev):
  g++ -O2 -I/usr/include/ITK-5.2 -o /tmp/n4 n4.cpp -lITKCommon-5.2 -litkvnl_algo-5.2 -litkvnl-5.2
then: python3 make-n4.py /tmp/n4 > n4.json
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from generated import biased_head

program = sys.argv[1]
cases = []
for size, levels, seed in [((40, 36, 28), 1, 1), ((40, 36, 28), 4, 1), ((72, 64, 1), 3, 2)]:
    values, mask, _ = biased_head(size, seed)
    with tempfile.TemporaryDirectory() as folder:
        names = [str(Path(folder) / name) for name in ("values", "mask", "field")]
        values.tofile(names[0])
        mask.tofile(names[1])
        words = [program, *map(str, size), str(levels), *names]
        version = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
        field = np.fromfile(names[2], np.float32)
    inside = np.flatnonzero(mask)
    picked = inside[:: max(1, len(inside) // 200)]
    cases.append(
        {
            "size": size,
            "levels": levels,
            "seed": seed,
            "voxels": picked.tolist(),
            "logField": [round(float(v), 5) for v in field[picked]],
            "sd": float(field[inside].std()),
        }
    )
json.dump({"versions": {"itk": version, "numpy": np.__version__}, "cases": cases}, sys.stdout)
