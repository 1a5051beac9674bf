"""The twelve ways of finding prospects (开发潜在客户的方法) and the eight skills (开发技巧), as data.

Names and order are the handout's (curriculum I03, PM1-PM12, I06, PK1-PK8); the sentences are ours. Which method stands
behind a channel of the simulator (`CHANNEL_METHODS`) is [EXT]: the handout knows no simulator. Channels into which
people walk by themselves (a shop, a sales office) are no method of prospecting and have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

SOURCE = "handout on prospecting (001/doc11)"


@dataclass(frozen=True)
class Entry:
    """A method or a skill: its id in the curriculum, English and Chinese name, and what it says."""

    id: str
    english: str
    chinese: str
    meaning: str
    source: str = SOURCE
    ext: bool = False


METHODS: tuple[Entry, ...] = (
    Entry("PM1", "Document search", "资料查询法", "look for prospects in documents and data of all kinds"),
    Entry("PM2", "Building new relations", "建立新关系", "make new contacts instead of living on the old ones"),
    Entry("PM3", "Chain introduction", "连锁介绍法", "customers name people who, they think, may buy"),
    Entry("PM4", "Halo method", "光辉效应法", "win the central person of an area, then through him the others"),
    Entry("PM5", "Meeting search", "会议寻找法", "go to exhibitions, ordering fairs and meetings for exchange"),
    Entry("PM6", "Strong alliance", "强强联合", "complementary firms work together and share their customers"),
    Entry("PM7", "Internet search", "利用网络寻找", "look for fitting customers on the network"),
    Entry("PM8", "Agent method", "代理人法", "let agents find prospects"),
    Entry("PM9", "Direct mail", "直接邮寄法", "write to many people: cheap, and wide in reach"),
    Entry("PM10", "Telemarketing", "电话营销法", "trained people call likely prospects by plan and measure it"),
    Entry("PM11", "Snowball", "滚雪球法", "after every visit ask for the names of others; numbers grow fast"),
    Entry("PM12", "Market consulting", "市场咨询法", "ask information agencies or government departments"),
)
SKILLS: tuple[Entry, ...] = (
    Entry("PK1", "One hour a day", "每天安排一小时", "keep an hour free for prospecting every day"),
    Entry("PK2", "Many calls", "尽可能多地打电话", "make as many calls as possible"),
    Entry("PK3", "Short calls", "电话要简短", "keep every call short"),
    Entry("PK4", "List first", "打电话前准备好名单", "have the list of names ready before the first call"),
    Entry("PK5", "Concentration", "专注工作", "work without interruption"),
    Entry("PK6", "Order", "客户资料整理有序", "keep the customers' data in order, with a system for it"),
    Entry("PK7", "Result in mind", "开始之前先预见结果", "foresee the result before starting"),
    Entry("PK8", "No stopping", "不要停歇", "go on until the hour is over"),
)
CHANNEL_METHODS: Mapping[str, str] = MappingProxyType(
    {"referral": "PM3", "web": "PM7", "agent": "PM8", "direct_mail": "PM9", "telemarketing": "PM10"}
)
"""Channel of a scenario to the method behind it [EXT]."""


def methods() -> pd.DataFrame:
    """The twelve methods as a table, with the simulator's channel behind each, where there is one.

    Returns
    -------
    DataFrame
        Indexed by `id` (PM1 ... PM12): `english`, `chinese`, `meaning`, `channel` (missing if none), `source`, `ext`.

    Notes
    -----
    Curriculum I03; the channels are [EXT].

    Examples
    --------
    >>> methods().loc["PM11", ["english", "chinese"]].tolist()
    ['Snowball', '滚雪球法']
    >>> methods()["channel"].dropna().to_dict()["PM10"]
    'telemarketing'
    """
    table = pd.DataFrame([vars(entry) for entry in METHODS]).set_index("id")
    channel = {method: name for name, method in CHANNEL_METHODS.items()}
    table.insert(3, "channel", [channel.get(name) for name in table.index])
    return table
