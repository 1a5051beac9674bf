"""The scorecard on the terminal: three numbers, never one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from crmsim.phone.scorecard import Scorecard

_MARKS = {True: "yes", False: "NO"}


def show_score(card: Scorecard) -> None:
    """Print quality with its evidence, what is fatal, and the outcome."""
    typer.echo(f"1. Quality: {card.quality:.0f} of 100" + (" (a fatal item was broken)" if len(card.fatal) else ""))
    for name, row in card.items.iterrows():
        mark = _MARKS.get(row["met"], "-")
        quoted = f" | {row['place']}: {row['evidence']}" if isinstance(row["evidence"], str) and row["evidence"] else ""
        typer.echo(f"   {mark:<4} {name}: {row['en']}{quoted}")
    typer.echo(f"2. Compliance: {'passed' if card.fatal.empty else 'NOT passed'}")
    for name, row in card.fatal.iterrows():
        typer.echo(f"   {name}: {row['en']} | {row['place']}: {row['evidence']}")
    typer.echo(f"3. Outcome: {card.outcome:.2f} a call (standard error {card.outcome_se:.2f})")
    if card.difference is not None:
        typer.echo(f"   against the baseline: {card.difference:+.2f} (standard error {card.difference_se:.2f})")
    for name, row in card.rates.iterrows():
        typer.echo(f"   {name}: " + ", ".join(f"{column} {value:.3f}" for column, value in row.items()))
