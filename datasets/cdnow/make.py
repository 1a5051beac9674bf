"""Make cdnow.csv from CDNOW_sample.txt, given as the only argument.

    python datasets/cdnow/make.py PATH/TO/lifetimes/datasets/CDNOW_sample.txt

The original has no header and five columns: the customer's number among all 23,570, his number in the
sample, day (YYYYMMDD), number of CDs, dollars. The first is left out; nothing is merged, sorted or dropped.
Prints the checksum that stands in card.yaml.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

HEADER = "customer_id,time,quantity,amount"
ORIGINAL_SHA256 = "6fae10155c0b0ba363c2c386e30f77990d22328220efd862a5edd1443420d94a"


def converted(original: str) -> str:
    """The text of cdnow.csv."""
    rows = [line.split() for line in original.splitlines() if line.strip()]
    lines = [f"{int(row[1])},{row[2][:4]}-{row[2][4:6]}-{row[2][6:]},{int(row[3])},{row[4]}" for row in rows]
    return "\n".join([HEADER, *lines]) + "\n"


def main(arguments: list[str]) -> int:
    """Write cdnow.csv beside this file; 0 when done, 2 when the argument is wrong."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("usage: python make.py PATH/TO/CDNOW_sample.txt", file=sys.stderr)
        return 2
    original = Path(arguments[0]).read_bytes()
    if hashlib.sha256(original).hexdigest() != ORIGINAL_SHA256:
        print(f"{arguments[0]} is not the original file: its checksum differs.", file=sys.stderr)
        return 2
    made = converted(original.decode("ascii")).encode("ascii")
    Path(__file__).with_name("cdnow.csv").write_bytes(made)
    print(hashlib.sha256(made).hexdigest())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
