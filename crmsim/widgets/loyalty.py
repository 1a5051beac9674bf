"""The loyalty explorer: which tool, for whom, how strong, at which cost; what it brings, in bars and in words.

A change of any control lets the next year be lived again (`keeping`), draws what the tool brings for one customer of
each class, and writes a table, so that nobody has to read numbers off the picture.
"""

from __future__ import annotations

from typing import Any

import ipywidgets

from crmsim.plots.canvas import BLUE
from crmsim.settings.scenario import Scenario
from crmsim.widgets.controls import look
from crmsim.widgets.explorer import Explorer, picture_of, table_of
from crmsim.widgets.keeping import Setting, TwoYears, checked_shop, classes, two_years

_ROWS = {
    "profit": ("profit, both years 两年利润", "{:,.0f}"),
    "equity": ("customer equity 客户资产", "{:,.0f}"),
    "satisfaction": ("satisfaction 满意度", "{:+.3f}"),
    "churned": ("share that is lost 流失占比", "{:.3f}"),
}
_HEADS = ("without 没有", "with 有", "difference 差异", "standard error 标准误")
_CLASSES = ("small 小额", "middle 中额", "big 大额")


class LoyaltyExplorer(Explorer):
    """Controls that give customers a loyalty tool.

    Attributes
    ----------
    controls : dict of str to widget
        By name: "tool", "group", "strength", "cost", and the buttons "luck" and "reset".
    years : TwoYears
        The tables behind the picture, for the present setting of the controls.
    view : widget
        Everything together, to be put into a layout of one's own.
    """

    years: TwoYears

    def __init__(self, scenario: Scenario) -> None:
        self._first = checked_shop(scenario)
        self._open(self._first)
        super().__init__(_controls(Setting()))

    def show(self, values: dict[str, Any], seed: int) -> tuple[str, bytes]:
        """Two years of the shop; other luck is another shop of the kind."""
        wanted = self._first.seed + seed - 1
        if self._shop.seed != wanted:
            self._open(self._first.replace(seed=wanted))
        self.years = two_years(self._shop, self._group, Setting(**values))
        return _in_words(self.years), _drawn(self.years)

    def _open(self, shop: Scenario) -> None:
        self._shop, self._group = shop, classes(shop)


def _controls(base: Setting) -> dict[str, Any]:
    tools = {
        "care and service 关怀与服务": "care", "more than expected 超出期望": "exceed",
        "membership 会员制度": "membership", "coupons 优惠券": "coupon", "gifts 礼品": "gift",
    }  # fmt: skip
    groups = {"all who bought lately 近期买过的": "all", **dict(zip(_CLASSES, ("small", "middle", "big"), strict=True))}
    return {
        "tool": ipywidgets.Dropdown(
            options=list(tools.items()), value=base.tool, description="tool 手段",
            tooltip="Which loyalty tool the customers get through the next year.", **_wide(),
        ),
        "group": ipywidgets.Dropdown(
            options=list(groups.items()), value=base.group, description="for whom 给谁",
            tooltip="Small: below 60 CNY a month; big: 150 CNY or more.", **_wide(),
        ),
        "strength": ipywidgets.FloatSlider(
            value=base.strength, min=0.0, max=2.0, step=0.1, description="strength 力度",
            tooltip="How much the tool does; 0 is nothing, and costs all the same.", readout_format=".1f", **look(),
        ),
        "cost": ipywidgets.FloatSlider(
            value=base.cost, min=0.0, max=150.0, step=5.0, description="cost, CNY each 成本",
            tooltip="Paid once for every customer whom the tool reaches.", readout_format=".0f", **look(),
        ),
        "luck": ipywidgets.Button(description="Other luck 换运气", tooltip="Another shop of the kind and its luck."),
        "reset": ipywidgets.Button(description="Back 还原", tooltip="Every control and the luck as at the start."),
    }  # fmt: skip


def _wide() -> dict[str, Any]:
    return {"style": {"description_width": "17em"}, "layout": {"width": "35em"}}


def _in_words(found: TwoYears) -> str:
    table = table_of(
        _HEADS,
        ((words, [shape.format(value) for value in found.summary.loc[name]]) for name, (words, shape) in _ROWS.items()),
    )
    numbers = found.gains[["gain", "se", "n_customers"]].to_numpy(float)
    told = "; ".join(
        f"{words}: {gain:+,.0f} (± {2 * error:,.0f}) CNY for each of {n:,.0f}"
        for words, (gain, error, n) in zip(_CLASSES, numbers, strict=True)
    )
    return f"{table}<p>Gain each, ± two standard errors: {told}</p>"


def _drawn(found: TwoYears) -> bytes:
    def draw(axes: Any) -> None:
        axes.bar(list(_CLASSES), found.gains["gain"], yerr=2 * found.gains["se"], color=BLUE, capsize=4)
        axes.axhline(0, color="black", lw=0.8)
        axes.set(ylabel="gain each, CNY 每人净收益", xlabel="customers by money a month 按月消费分类")

    return picture_of(draw, height=3.2)
