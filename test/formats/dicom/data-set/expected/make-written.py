#!/usr/bin/env python3
"""Writes written.json: what pydicom and dcmdump read of the files that write-sample.ts makes.

Run: python3 make-written.py <folder with those files>
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

folder = Path(sys.argv[1])
sys.argv = ["", str(folder), "explicit.dcm"]
source = (Path(__file__).parent / "make-elements.py").read_text()
tools = {"__file__": __file__}
exec(source.split("folder = Path")[0], tools)  # the canonical lines of make-elements.py


def dump(path):
    """Tags, VRs and values as dcmdump shows them, deflated or not; lengths left out."""
    text = subprocess.run(["dcmdump", "-q", "+L", str(path)], check=True, capture_output=True, text=True).stdout
    lines = [re.sub(r"\s*#.*$", "", line) for line in text.splitlines()]
    return "\n".join(line for line in lines if "(0002," not in line and line)


files = {}
for path in sorted(folder.glob("*.dcm")):
    files[path.name] = {
        "sha1": tools["sha"](path.read_bytes()),
        "lines": tools["sha"]("\n".join(tools["file_lines"](path)).encode()),
        "dcmdump": tools["sha"](dump(path).encode()),
    }
version = subprocess.run(["dcmdump", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
json.dump(
    {"pydicom": tools["pydicom"].__version__, "dcmdump": re.search(r"v[\d.]+", version)[0], "files": files},
    open(Path(__file__).parent / "written.json", "w"),
    indent=1,
)
