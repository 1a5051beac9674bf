"""RFM: when a customer last bought, how often, and for how much.

**RFM** (RFM分析法) describes each customer by three numbers seen from a moment `at`:

* *recency* R: full days of 24 hours since the last purchase (30 days and 23 hours are 30 days);
* *frequency* F: number of purchases up to `at`;
* *monetary* M: sum of their amounts.

Each becomes a score from 1 to 5 by fixed cut points, and the three scores together a named segment.

The handout's own R is the **purchase interval** (购买间隔), not the time since the last purchase. It stands
here under its own name, `purchase_interval_days`, because the two differ: a customer who bought every week
and stopped a year ago has a short interval and a long recency.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from crmsim.customers.arguments import entries, instance
from crmsim.customers.tables import transactions_of
from crmsim.segments.labels import labelled
from crmsim.segments.purchases import look_back, purchase_summary, whole_days
from crmsim.segments.scores import N_SCORES, RFM_SEGMENTS, RFMCuts, Scores, SegmentRule, segment_of_scores

LEVELS = range(1, N_SCORES + 1)
SCORE_TEXTS = [f"{r}{f}{m}" for r in LEVELS for f in LEVELS for m in LEVELS]
DAY_SECONDS = 86_400


def rfm(
    source: Any,
    *,
    at: Any = None,
    cuts: RFMCuts | None = None,
    rules: Sequence[SegmentRule] = RFM_SEGMENTS,
) -> pd.DataFrame:
    """Recency, frequency, monetary, their scores and a segment name for every customer who has bought.

    Customers without a purchase have no recency and do not appear; `rfm(past).reindex(past.customers.index)`
    adds them with empty cells. Cut points and segment names are [EXT]: the handout gives none.

    Parameters
    ----------
    source : run, its past, or DataFrame
        Transactions with the columns customer_id, time (dates) and amount (money, not negative); a row is one
        purchase.
    at : date, optional
        The moment from which one looks back; later purchases are left out, purchases at this very moment
        count. Default: the end of the run. A plain table carries no clock, so `at` is needed there.
    cuts : RFMCuts, optional
        The cut points of the scores. A value equal to a cut gets the better score.
    rules : sequence of SegmentRule, optional
        The segment names; the first rule that holds counts.

    Returns
    -------
    DataFrame
        Indexed by customer_id (sorted): `recency_days` (whole, 0 or more), `frequency` (1 or more),
        `monetary` (money), `r_score`, `f_score`, `m_score` (1 to 5, 5 is best), `score` (category, text such
        as "545"), `segment` (category, in the order of the rules).

    Raises
    ------
    InputError
        A column is missing or spoilt, `at` is missing or after the data's end, nobody had bought yet, or the
        rules leave some scores without a name.

    Notes
    -----
    The three quantities: Hughes, A. M. (1994), *Strategic Database Marketing*.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"customer_id": [7, 7, 9], "amount": [1500.0, 600.0, 80.0],
    ...                       "time": pd.to_datetime(["2025-11-20", "2026-01-01", "2025-10-01"])})
    >>> table = rfm(sales, at="2026-01-31")
    >>> table[["recency_days", "frequency", "monetary", "score", "segment"]].values.tolist()
    [[30, 2, 2100.0, '524', 'promising'], [122, 1, 80.0, '211', 'fading']]
    """
    cuts = RFMCuts() if cuts is None else cuts
    instance("cuts", cuts, RFMCuts, made_by="crm.segments.RFMCuts(...)")
    moment = look_back(source, at=at)
    bought = purchase_summary(source, at=moment)
    table = pd.DataFrame(
        {
            "recency_days": whole_days(moment, bought["last_purchase"]),
            "frequency": bought["n_purchases"],
            "monetary": bought["total_amount"],
        }
    )
    scores = (
        cuts.score_recency(table["recency_days"]),
        cuts.score_frequency(table["frequency"]),
        cuts.score_monetary(table["monetary"]),
    )
    table["r_score"], table["f_score"], table["m_score"] = scores
    table["score"] = _score_text(*scores)
    table["segment"] = _segment(*scores, rules=rules)
    return table


def _score_text(r: Scores, f: Scores, m: Scores) -> pd.Categorical[Any]:
    codes = ((r - 1) * N_SCORES + (f - 1)) * N_SCORES + (m - 1)
    return labelled(codes, SCORE_TEXTS)


def _segment(r: Scores, f: Scores, m: Scores, *, rules: Sequence[SegmentRule]) -> pd.Categorical[Any]:
    known = entries("rules", rules, example="crm.segments.RFM_SEGMENTS")
    for place, rule in enumerate(known):
        instance(f"rules[{place}]", rule, SegmentRule, made_by="crm.segments.SegmentRule(...)")
    codes = segment_of_scores(known)[r - 1, f - 1, m - 1]
    return labelled(codes, [rule.name for rule in known])


def purchase_interval_days(source: Any, *, at: Any = None) -> pd.Series[Any]:
    """Mean time between two purchases in a row, in days: RFM's R as the handout words it (购买间隔).

    It is (last purchase - first purchase) / (number of purchases - 1); one purchase alone has no interval.
    It says how densely a customer bought, never whether the customer still comes.

    Parameters
    ----------
    source : run, its past, or DataFrame
        Transactions as for `rfm`.
    at : date, optional
        As for `rfm`, but a plain table may do without: then all its purchases count.

    Returns
    -------
    Series
        `purchase_interval_days` (0 or more, fractions kept), indexed by customer_id; missing after a single
        purchase.

    Raises
    ------
    InputError
        As for `rfm`.

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2026-01-01", "2026-01-04", "2026-01-16", "2026-01-05"])
    >>> sales = pd.DataFrame({"customer_id": [7, 7, 7, 9], "time": days, "amount": 10.0})
    >>> purchase_interval_days(sales).to_dict()
    {7: 7.5, 9: nan}
    """
    if at is None and isinstance(source, pd.DataFrame):
        at = transactions_of(source)["time"].max()
    bought = purchase_summary(source, at=at)
    span = bought["last_purchase"] - bought["first_purchase"]
    span_days = span.dt.total_seconds() / DAY_SECONDS
    n_intervals = (bought["n_purchases"] - 1).where(bought["n_purchases"] > 1)
    interval: pd.Series[Any] = (span_days / n_intervals).rename("purchase_interval_days")
    return interval
