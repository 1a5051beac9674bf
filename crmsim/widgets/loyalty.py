"""The loyalty explorer: which tool, for whom, how strong, at which cost; what it brings, in bars and in words.

A change of any control lets the next year be lived again (`keeping`), draws what the tool brings for one customer of
each class, and writes a table, so that nobody has to read numbers off the picture.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import ipywidgets

from crmsim.plots.canvas import BLUE
from crmsim.settings.scenario import Scenario
from crmsim.widgets.controls import look
from crmsim.widgets.keeping import Setting, TwoYears, checked_shop, classes, two_years
from crmsim.widgets.pictures import shipped_font

_ROWS = {
    "profit": ("profit, both years 两年利润", "{:,.0f}"),
    "equity": ("customer equity 客户资产", "{:,.0f}"),
    "satisfaction": ("satisfaction 满意度", "{:+.3f}"),
    "churned": ("share that is lost 流失占比", "{:.3f}"),
}
_HEADS = ("without 没有", "with 有", "difference 差异", "standard error 标准误")
_CLASSES = ("small 小额", "middle 中额", "big 大额")


class LoyaltyExplorer:
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
        self._base = Setting()
        self.controls: dict[str, Any] = _controls(self._base)
        self._picture = ipywidgets.Image(format="png", layout={"width": "100%", "max_width": "900px"})
        self._words = ipywidgets.HTML()
        self._waiting = False
        self._open(self._first)
        for control in self._choices().values():
            control.observe(lambda _: self._update(), names="value")
        self.controls["luck"].on_click(lambda _: self._other_luck())
        self.controls["reset"].on_click(lambda _: self.reset())
        buttons = ipywidgets.HBox([self.controls["luck"], self.controls["reset"]])
        self.view = ipywidgets.VBox([*self._choices().values(), buttons, self._words, self._picture])
        self._update()

    def reset(self) -> None:
        """Set every control and the luck back to the start."""
        self._waiting = True
        self._open(self._first)
        for name, control in self._choices().items():
            control.value = getattr(self._base, name)
        self._waiting = False
        self._update()

    def _repr_mimebundle_(self, **how: Any) -> Any:
        return self.view._repr_mimebundle_(**how)

    def _choices(self) -> dict[str, Any]:
        return {name: control for name, control in self.controls.items() if name not in ("luck", "reset")}

    def _open(self, shop: Scenario) -> None:
        self._shop, self._group = shop, classes(shop)

    def _other_luck(self) -> None:
        self._open(self._shop.replace(seed=self._shop.seed + 1))
        self._update()

    def _update(self) -> None:
        if self._waiting:
            return
        how = Setting(**{name: control.value for name, control in self._choices().items()})
        self.years = two_years(self._shop, self._group, how)
        self._words.value = _in_words(self.years)
        self._picture.value = _drawn(self.years)


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
    heads = "".join(f"<th scope='col' style='padding:0 1em;text-align:right'>{head}</th>" for head in _HEADS)
    rows = "".join(
        f"<tr><th scope='row' style='text-align:left'>{words}</th>"
        + "".join(
            f"<td style='padding:0 1em;text-align:right'>{shape.format(value)}</td>"
            for value in found.summary.loc[name]
        )
        + "</tr>"
        for name, (words, shape) in _ROWS.items()
    )
    numbers = found.gains[["gain", "se", "n_customers"]].to_numpy(float)
    told = "; ".join(
        f"{words}: {gain:+,.0f} (± {2 * error:,.0f}) CNY for each of {n:,.0f}"
        for words, (gain, error, n) in zip(_CLASSES, numbers, strict=True)
    )
    table = f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return f"{table}<p>Gain each, ± two standard errors: {told}</p>"


def _drawn(found: TwoYears) -> bytes:
    from matplotlib.figure import Figure

    with shipped_font():
        figure = Figure(figsize=(9, 3.2), dpi=100, layout="constrained")
        axes = figure.subplots()
        axes.bar(list(_CLASSES), found.gains["gain"], yerr=2 * found.gains["se"], color=BLUE, capsize=4)
        axes.axhline(0, color="black", lw=0.8)
        axes.set(ylabel="gain each, CNY 每人净收益", xlabel="customers by money a month 按月消费分类")
        axes.spines[["top", "right"]].set_visible(False)
        file = BytesIO()
        figure.savefig(file, format="png", pil_kwargs={"compress_level": 1})
    return file.getvalue()
