"""Calls at the edge of a rule, written by hand, for questions 3 and 6: what the simulated calls show seldom.

Each call is the lines of the agent; the voice of the customer comes first unless a call says otherwise.
"""

import pandas as pd

FIRM, AGENT = "宏达公司", "李明"
HELLO, ASK, NEW = f"王女士，您好！我是{FIRM}的{AGENT}。", "请问您现在方便吗？", "我想向您介绍一下我们的新产品。"
BYE = "谢谢您，打扰了，再见。"


def a_call(*lines, tones=(), voice=4.0, heard="neutral"):
    """A call in which the agent says these lines, six seconds apart, and the customer one before the last of them."""
    all_tones = [*tones, *len(lines) * ["warm"]]
    said = [("agent_say", 6.0 * (place + 1), text, all_tones[place]) for place, text in enumerate(lines)]
    said.insert(-1, ("customer_say", 6.0 * len(lines) - 3, "好，我考虑一下。", heard))
    end = 6.0 * len(lines)
    rows = [("customer_voice", voice, "喂？", "neutral"), *said,
            ("hangup_customer", end + 2, "", ""), ("hangup_agent", end + 4, "", "")]
    return pd.DataFrame(rows, columns=["event", "t_seconds", "text", "tone"])


OPENINGS = [
    a_call(HELLO, ASK, NEW, BYE, voice=6.0),
    a_call(HELLO, NEW, ASK, BYE),
    a_call(HELLO, "我们为老客户推出了一项优惠，您现在方便听吗？", "送货不另收费。", BYE),
    a_call(f"你好！我是{FIRM}的{AGENT}。", "现在方便吗？", NEW, BYE),
]
CLOSINGS = [
    a_call(HELLO, ASK, NEW, BYE, tones=("warm", "rude", "cold")),
    a_call(HELLO, ASK, NEW, BYE, heard="cold"),
    a_call(HELLO, ASK, NEW, "谢谢您！", "耽误您的时间了。", "再见。"),
    a_call(HELLO, ASK, NEW, "不好意思，打扰了。", "再见。"),
]


def edges(which):
    """The calls as the trials of a question have them: with firm and agent for the opening, alone for the close."""
    return [(call, FIRM, AGENT) for call in (OPENINGS if which == "opening" else CLOSINGS)]
