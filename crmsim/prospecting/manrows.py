"""The eight rows of the MAN rule (MAN法则) as data: letters, action key, advice (curriculum MAN1-MAN8).

The advice is the handout's in our words; the action keys are [EXT].
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ManRow:
    """One of the eight combinations: id, letters, action key, and the advice in English and Chinese."""

    id: str
    letters: str
    action: str
    advice: str
    advice_zh: str


_SELL = ("may be contacted; skilled selling gives hope", "可接触，配上熟练的销售技术，有成功的希望")
_FIND = ("may be contacted; find who has the power to decide", "可接触，设法找到有决定权的人")
_CHECK = ("may be contacted; look into business condition and credit", "可接触，调查其业务状况、信用条件等")
_WAIT = ("may be contacted; observe and cultivate until what is missing is there", "可接触，长期观察、培养")

MAN_ROWS: tuple[ManRow, ...] = (
    ManRow("MAN1", "MAN", "ideal", "an effective customer, the ideal object of marketing", "有效客户，理想的对象"),
    ManRow("MAN2", "MAn", "skilled_selling", *_SELL),
    ManRow("MAN3", "MaN", "find_decider", *_FIND),
    ManRow("MAN4", "mAN", "check_credit", *_CHECK),
    ManRow("MAN5", "maN", "cultivate", *_WAIT),
    ManRow("MAN6", "mAn", "cultivate", *_WAIT),
    ManRow("MAN7", "Man", "cultivate", *_WAIT),
    ManRow("MAN8", "man", "stop", "not a customer; stop the contact", "非客户，停止接触"),
)
CODES = tuple(row.id for row in MAN_ROWS)
