"""What pandas.read_csv makes of small files, for the cases where Roentgen does the same.

Run: python3 test/formats/csv/expected/make-inference.py > test/formats/csv/expected/inference.json
"""

import io
import json
import math
import sys

import pandas as pd

CASES = {
    "integers and decimals": "a,b\n1,1.5\n-2,+3\n0,.5\n7,1.\n",
    "exponents": "a,b\n1e3,1E-3\n-2.5e+2,1e22\n1e308,5e-324\n",
    "values at the edge of a double": "a\n17976931348623157e292\n4.9e-324\n2.2250738585072014e-308\n9007199254740993.0\n",
    "missing words": "a,b\n1,x\nNA,\nN/A,NULL\nNaN,nan\n,NULL\nnull,<NA>\n#N/A,n/a\n-nan,y\n",
    "a column of missing values": "a,b\n,1\n,2\nNA,3\n",
    "infinities": "a\ninf\n-inf\nInfinity\n+inf\n1\n",
    "mixed numbers and text": "a\n1\ntwo\n3\n",
    "quoted numbers": 'a,b\n"1","2.5"\n"3","4"\n',
    "quoted delimiters and quotes": 'a,b\n"x,y","say ""hi"""\n"line\nbreak",z\n',
    "quotes inside a cell": 'a,b\n5" tumour,1\nx"y"z,2\n',
    "carriage returns": "a,b\r1,2\r3,4\r",
    "crlf and no last line end": "a,b\r\n1,2\r\n3,4",
    "blank lines": "a,b\n\n1,2\n\n\n3,4\n\n",
    "blanks around numbers": "a,b\n 1, 2.5 \n3 ,4\n",
    "empty last cell": "a,b\n1,\n2,\n",
    "repeated names": "a,a,b,a,a.1\n1,2,3,4,5\n",
    "names missing": ",x,\n0,1,2\n1,3,4\n",
    "header only": "a,b\n",
    "one column": "a\n1\n2\n",
    "byte order mark": "\ufeffa,b\n1,ü\n",
    "letters beyond ascii": "näme,価\nMüller,東京\nÅse,🙂\n",
    "dates stay text": "d\n2024-01-31\n2024-02-01\n",
    "percentages and thousands stay text": 'p,t\n5%,"1,000"\n6%,"2,000"\n',
    "hexadecimal stays text": "h\n0x1F\n0x20\n",
    "underscores stay text": "u\n1_000\n2_000\n",
    "a lone sign stays text": "s\n+\n-5\n",
    "negative zero": "z\n-0\n-0.0\n",
    "long fractions": "f\n0.1234567890123456789\n3.141592653589793238462643383279\n2.718281828459045\n",
}


def cell(value):
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
    return value


def column(series):
    kind = "number" if series.dtype.kind in "if" else "text"
    return {"name": series.name, "kind": kind, "values": [cell(v) for v in series.tolist()]}


def main():
    cases = []
    for title, text in CASES.items():
        frame = pd.read_csv(io.StringIO(text), float_precision="round_trip")
        cases.append({"title": title, "text": text, "columns": [column(frame[c]) for c in frame]})
    json.dump({"pandas": pd.__version__, "cases": cases}, sys.stdout, ensure_ascii=False)


main()
