"""Make CrmsimSansSC-Regular.otf: the part of Noto Sans CJK SC that the pictures and lessons need.

The characters are those of GB 2312, the national standard of 1980: 6,763 Chinese characters, signs, Greek and
Cyrillic; and Latin. Layout tables and hints are left out, which matplotlib does not use. The name is changed,
because a part that goes by the name of the whole font would hide a whole one on the same machine.

Usage: python make_font.py NotoSansCJK-Regular.ttc

The collection is in Debian's package `fonts-noto-cjk` (1:20220127) and at https://github.com/notofonts/noto-cjk.
The same collection gives the same bytes. Licence of font and result: SIL Open Font License 1.1, see OFL.txt.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FAMILY = "Crmsim Sans SC"
FILE = Path(__file__).with_name("CrmsimSansSC-Regular.otf")
NUMBER_IN_COLLECTION = 2
MORE = "–—‘’“”…•−×÷≤≥±→←↑↓€¥％√∑·°²³½"
NAMES = {
    1: FAMILY,
    3: "2.004;crmsim;CrmsimSansSC-Regular",
    4: FAMILY,
    6: "CrmsimSansSC-Regular",
}


def characters() -> set[str]:
    """GB 2312, printable ASCII, Latin-1 and some signs."""
    rows = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    chinese = {pair.decode("gb2312", errors="ignore") for pair in rows} - {""}
    latin = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))}
    return chinese | latin | set(MORE)


def make(collection: str) -> None:
    """Cut the characters out of the collection and write the font beside this script."""
    font = TTFont(collection, fontNumber=NUMBER_IN_COLLECTION, recalcTimestamp=False)
    options = subset.Options()
    options.hinting, options.layout_features = False, []
    options.drop_tables += ["vhea", "vmtx", "VORG", "GSUB", "GPOS", "GDEF", "BASE", "DSIG"]
    options.name_IDs, options.notdef_outline = ["*"], True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(character) for character in characters()])
    cutter.subset(font)
    _rename(font)
    font.save(FILE)


def _rename(font: TTFont) -> None:
    for number, text in NAMES.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    outlines = font["CFF "].cff
    outlines.fontNames = [NAMES[6]]
    outlines.topDictIndex[0].FullName = outlines.topDictIndex[0].FamilyName = FAMILY


if __name__ == "__main__":
    make(sys.argv[1])
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes, {len(characters()):,} characters")
