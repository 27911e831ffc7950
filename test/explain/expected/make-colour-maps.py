"""Writes the 256 colours of matplotlib's inferno, viridis and turbo as hexadecimal digits.

Usage: python3 make-colour-maps.py   (matplotlib 3.6.3, Debian 12)
"""

import json
from pathlib import Path

from matplotlib import cm

known = {}
for name in ("inferno", "viridis", "turbo"):
    colours = (cm.get_cmap(name)(step)[:3] for step in range(256))
    known[name] = "".join("%02x" % round(255 * part) for colour in colours for part in colour)
Path(__file__).with_name("colour-maps.json").write_text(json.dumps(known) + "\n")
