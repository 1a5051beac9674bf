"""The pictures: right numbers, nothing clipped, no missing character, and quick to start."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font

import crmsim as crm
from crmsim.customers.dictionary import COLUMNS
from crmsim.engine.simulate import Run
from crmsim.errors import InputError
from crmsim.lifecycle import cohort_table
from crmsim.plots.canvas import FAMILY, FONT_FILE, register_font
from crmsim.plots.pictures import apart
from crmsim.plots.profit import decile_shares
from crmsim.plots.stages import stage_counts
from crmsim.settings.scenario import Scenario

PICTURES: dict[str, Callable[[Run], Any]] = {
    "stages": lambda run: crm.plots.stages_over_time(run).figure,
    "retention": lambda run: crm.plots.retention_by_cohort(run).figure,
    "deciles": lambda run: crm.plots.profit_sources(run).figure,
    "channels": lambda run: crm.plots.profit_sources(run, by="channel").figure,
    "segments": lambda run: crm.plots.profit_sources(run, by="segment").figure,
    "overview": crm.plots.overview,
}


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    """Where another test has loaded pyplot, it keeps every figure."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def png(figure: Figure) -> bytes:
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


@pytest.mark.parametrize("name", PICTURES)
def test_every_character_is_drawn_and_nothing_is_clipped(shop_run: Run, name: str) -> None:
    figure = PICTURES[name](shop_run)
    png(figure)  # a missing character is a warning, and a warning is an error here
    box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert min(box.x0, box.y0) > -0.02
    assert box.x1 < width + 0.02
    assert box.y1 < height + 0.02


def test_the_pictures_of_an_overview_keep_apart(shop: Scenario) -> None:
    names = {name: f"{name}_with_a_rather_long_name" for name in shop.stages}
    renamed = shop.replace(
        customers=2_000,
        entry_stage=names[shop.entry_stage],
        stages={names[name]: {**stage.model_dump(), "zh": "名字相当长的阶段"} for name, stage in shop.stages.items()},
        moves={names[a]: {names[b]: p for b, p in row.items()} for a, row in shop.moves.items()},
    )
    for run in (crm.simulate(shop), crm.simulate(renamed)):
        figure = crm.plots.overview(run)
        png(figure)
        left, middle, right = (ax.get_tightbbox() for ax in figure.axes)
        assert 0 <= left.x0 < left.x1 < middle.x0 < middle.x1 < right.x0 < right.x1 <= figure.bbox.x1
        assert min(box.y0 for box in (left, middle, right)) >= 0
        assert min(ax.get_position().width for ax in figure.axes) > 0.15


@pytest.mark.parametrize("name", PICTURES)
def test_text_is_set_in_the_shipped_font(shop_run: Run, name: str) -> None:
    figure = PICTURES[name](shop_run)
    png(figure)
    texts = [text for text in figure.findobj(lambda artist: hasattr(artist, "get_fontfamily")) if text.get_text()]
    assert any(re.search("[\u4e00-\u9fff]", text.get_text()) for text in texts)
    for text in texts:
        assert text.get_fontfamily()[0] == FAMILY or text.get_text().isascii(), text


def test_the_font_holds_all_chinese_of_the_package() -> None:
    known = set(FT2Font(str(FONT_FILE)).get_charmap())
    texts = [column.zh for column in COLUMNS]
    package = Path(crm.__file__).parent
    # What people say is read there, also in traditional characters; nothing of it is drawn.
    files = [path for kind in ("*.yaml", "*.py") for path in package.rglob(kind)]
    drawn = [path for path in files if path.relative_to(package).parts[0] not in ("etiquette", "phone")]
    texts += [path.read_text(encoding="utf-8") for path in drawn]
    assert len(drawn) > 100
    assert {c for c in "".join(texts) if "\u3000" <= c <= "\uffef" and ord(c) not in known} == set()
    register_font()
    assert Path(findfont(FontProperties(family=[FAMILY]))) == FONT_FILE
    assert "SIL OPEN FONT LICENSE" in FONT_FILE.with_name("OFL.txt").read_text(encoding="utf-8")


def test_bands_are_the_customers_in_each_stage(shop_run: Run) -> None:
    counts = stage_counts(shop_run)
    stages = shop_run.truth.stages
    assert counts.to_numpy().tolist() == pd.crosstab(stages["period"], stages["stage"]).to_numpy().tolist()
    ax = crm.plots.stages_over_time(shop_run)
    top = [max(path.vertices[:, 1].max() for path in band.get_paths()) for band in ax.collections]
    assert top[-1] == counts.to_numpy().sum(axis=1).max() == len(shop_run.customers)
    assert ax.texts[0].get_text() == "acquisition 客户获取"


def test_labels_of_narrow_bands_do_not_overlap() -> None:
    places = apart(np.array([0.0, 0.001, 0.002, 0.5, 0.998, 0.999, 1.0]), least=0.05)
    assert (np.diff(places) >= 0.05 - 1e-12).all()
    assert places.max() <= 1


def test_shades_are_the_retention_of_the_cohorts(shop_run: Run) -> None:
    cohorts = cohort_table(shop_run)
    ax = crm.plots.retention_by_cohort(shop_run)
    shown = np.ma.filled(ax.images[0].get_array(), np.nan)
    assert shown[0, 0] == pytest.approx(100 * cohorts.iloc[0, 1] / cohorts.iloc[0, 0])
    assert np.isnan(shown[-1, 1:]).all()
    labels = [text.get_text() for text in ax.get_yticklabels()]
    assert labels[0] == f"2024-01 ({cohorts.iloc[0, 0]})"
    assert len(labels) == 11  # the last of the twelve months has no later age yet


@pytest.mark.parametrize(("period", "label"), [("quarter", "2024 Q1"), ("week", "2024-01-01"), ("year", None)])
def test_retention_by_other_periods(shop_run: Run, period: str, label: str | None) -> None:
    ax = crm.plots.retention_by_cohort(shop_run, period=period)
    labels = [text.get_text() for text in ax.get_yticklabels()]
    assert (labels[0].split(" (")[0] if labels else None) == label
    png(ax.figure)


def test_retention_of_a_plain_table() -> None:
    days = pd.to_datetime(["2026-01-05", "2026-01-25", "2026-02-14", "2026-03-01"])
    sales = pd.DataFrame({"customer_id": [1, 2, 1, 1], "time": days, "amount": 10.0})
    ax = crm.plots.retention_by_cohort(sales)
    assert np.asarray(ax.images[0].get_array()).tolist() == [[50.0, 50.0]]


def test_decile_shares_by_hand() -> None:
    profit = pd.Series([50.0, 30.0, 20.0, 10.0, 5.0, 0.0, 0.0, -2.0, -5.0, -8.0])
    assert decile_shares(profit) == pytest.approx(profit.to_numpy() / 100)
    assert decile_shares(profit.sample(frac=1, random_state=1)) == pytest.approx(profit.to_numpy() / 100)
    assert decile_shares(pd.Series([7.0])) == pytest.approx(np.full(10, 0.1))


def test_bars_are_the_deciles_of_profit(shop_run: Run) -> None:
    ax = crm.plots.profit_sources(shop_run)
    heights = np.array([bar.get_height() for bar in ax.patches])
    profit = shop_run.truth.customers["profit"].sort_values(ascending=False)
    sums = np.concatenate(([0], np.cumsum(profit))) / profit.sum() * 100
    best = np.interp(0.2 * len(profit), np.arange(len(sums)), sums)
    assert heights[:2].sum() == pytest.approx(best)
    assert heights.sum() == pytest.approx(100)
    assert ax.lines[0].get_ydata()[-1] == pytest.approx(100)
    assert any(f"{best:.0f}% of the profit" in text.get_text() for text in ax.texts)


@pytest.mark.parametrize("by", ["channel", "region", "age_group", "segment"])
def test_groups_share_all_customers_and_all_profit(shop_run: Run, by: str) -> None:
    bars = crm.plots.profit_sources(shop_run, by=by).containers
    for group in bars:
        assert sum(bar.get_width() for bar in group) == pytest.approx(100)
    known = shop_run.customers.join(shop_run.truth.customers[["segment", "profit"]])
    first = known[by].cat.categories[0]
    expected = known.loc[known[by] == first, "profit"].sum() / known["profit"].sum() * 100
    assert bars[1][0].get_width() == pytest.approx(expected)


def test_given_axes_are_used(shop_run: Run) -> None:
    figure = Figure()
    for draw in (crm.plots.stages_over_time, crm.plots.retention_by_cohort, crm.plots.profit_sources):
        ax = figure.add_subplot()
        assert draw(shop_run, ax=ax) is ax


def test_the_past_has_no_truth_to_draw(shop_run: Run) -> None:
    for draw in (crm.plots.stages_over_time, crm.plots.profit_sources, crm.plots.overview):
        with pytest.raises(InputError, match="run with its truth"):
            draw(shop_run.until(6))
    assert crm.plots.retention_by_cohort(shop_run.until(6)).images


def test_what_cannot_be_drawn_is_refused(shop: Scenario, shop_run: Run) -> None:
    with pytest.raises(InputError, match="Did you mean 'segment'"):
        crm.plots.profit_sources(shop_run, by="segments")
    with pytest.raises(InputError, match="no 'day'"):
        crm.plots.retention_by_cohort(shop_run, period="day")
    poor = crm.simulate(shop.replace(periods=1, customers=50))
    with pytest.raises(InputError, match="no profit to share"):
        crm.plots.profit_sources(poor)


def test_the_same_run_gives_the_same_picture(shop_run: Run) -> None:
    assert png(crm.plots.overview(shop_run)) == png(crm.plots.overview(shop_run))
    assert crm.plots.overview(shop_run)._repr_png_().startswith(b"\x89PNG")


def test_pyplot_is_not_needed() -> None:
    code = (
        "import sys, crmsim as crm; run = crm.simulate(crm.scenario('retail').replace(customers=200, periods=8));"
        "crm.plots.overview(run).savefig(sys.stdout.buffer, format='png');"
        "crm.plots.stages_over_time(run); sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"\x89PNG")
